"""What bin/vllm and bin/guidellm share."""
