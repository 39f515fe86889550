ONEAPP_VLLM_MODEL_ID='google/gemma-2-9b-it'
