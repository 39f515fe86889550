ONEAPP_VLLM_MODEL_ID='openai/gpt-oss-20b'
