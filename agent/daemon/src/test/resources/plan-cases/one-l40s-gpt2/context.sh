ONEAPP_VLLM_MODEL_ID='openai-community/gpt2'
