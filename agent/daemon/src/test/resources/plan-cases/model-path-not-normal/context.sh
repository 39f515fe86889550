ONEAPP_VLLM_MODEL_ID='/srv/models/../../etc'
