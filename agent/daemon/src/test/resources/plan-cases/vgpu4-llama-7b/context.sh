ONEAPP_VLLM_MODEL_ID='meta-llama/Llama-3.2-7B-Instruct'
