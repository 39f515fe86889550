ONEAPP_VLLM_MODEL_ID='meta-llama/Llama-3.2-3B-Instruct'
