"""Prints one JSON line on a model of the hub: its config.json, the size of its weights, or why not.

Arguments: model id, revision (may be empty). The token is in HF_TOKEN; HF_HUB_OFFLINE is honoured.
"""

import errno
import json
import sys


def reason(error):
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "DISK_FULL"
    names = {kind.__name__ for kind in type(error).__mro__}
    if "GatedRepoError" in names:
        return "DENIED"
    if names & {"RepositoryNotFoundError", "RevisionNotFoundError", "HFValidationError"}:
        return "NOT_FOUND"
    if names & {"LocalEntryNotFoundError", "OfflineModeIsEnabled"}:
        return "UNREACHABLE"
    if "EntryNotFoundError" in names:
        return "NO_CONFIG"
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status in (401, 403):
        return "DENIED"
    return "UNREACHABLE"


def weights(model, revision):
    """Bytes of all safetensors, and whether all of them are in the cache."""
    from huggingface_hub import HfApi, constants, try_to_load_from_cache

    if constants.HF_HUB_OFFLINE:
        return cached_weights(model, revision)
    info = HfApi().model_info(model, revision=revision, files_metadata=True, timeout=20)
    files = [f for f in info.siblings or [] if is_weight(f.rfilename)]
    have = [isinstance(try_to_load_from_cache(model, f.rfilename, revision=info.sha), str) for f in files]
    parameters = info.safetensors.total if info.safetensors else None
    return sum(f.size or 0 for f in files) or None, parameters, bool(have) and all(have)


def cached_weights(model, revision):
    import os

    from huggingface_hub import snapshot_download

    folder = snapshot_download(model, revision=revision, local_files_only=True)
    files = [os.path.join(folder, name) for name in os.listdir(folder) if is_weight(name)]
    return sum(os.path.getsize(name) for name in files) or None, None, bool(files)


def is_weight(name):
    return name.endswith(".safetensors") and "/" not in name and not name.startswith("consolidated")


def main():
    model, revision = sys.argv[1], sys.argv[2] or None
    try:
        from huggingface_hub import hf_hub_download

        with open(hf_hub_download(model, "config.json", revision=revision), encoding="utf-8") as file:
            config = file.read()
    except Exception as error:
        print(json.dumps({"error": reason(error), "message": str(error).splitlines()[0][:300] if str(error) else type(error).__name__}))
        return
    try:
        size, parameters, present = weights(model, revision)
    except Exception:
        try:
            size, parameters, present = cached_weights(model, revision)
        except Exception:
            size, parameters, present = None, None, False
    print(json.dumps({"config": config, "bytes": size, "parameters": parameters, "present": present}))


main()
