ONEAPP_VLLM_MODEL_ID='google/gemma-3-12b-it'
