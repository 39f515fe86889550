ONEAPP_VLLM_MODEL_ID='Qwen/Qwen2.5-3B-Instruct'
