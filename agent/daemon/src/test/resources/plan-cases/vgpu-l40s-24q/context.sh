ONEAPP_VLLM_MODEL_ID='meta-llama/Llama-3.1-8B-Instruct'
