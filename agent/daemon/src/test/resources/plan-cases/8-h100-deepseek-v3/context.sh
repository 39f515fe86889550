ONEAPP_VLLM_MODEL_ID='deepseek-ai/DeepSeek-V3'
