ONEAPP_VLLM_MODEL_ID='/srv/models/llama-8b'
