variable "base_url" {
  type        = string
  description = "The base image: a qcow2 of Ubuntu 24.04 or Debian 12 that boots by UEFI, as a URL or a path."
}

variable "base_checksum" {
  type        = string
  description = "Checksum of the base image, such as sha256:HEX or file:URL."
}

variable "release" {
  type        = string
  description = "The release tree (what `make dist` packs) as a tar archive."
}

variable "one_context" {
  type        = string
  default     = ""
  description = "Path of the one-context package (.deb); empty when the base image has it."
}

variable "nvidia_driver" {
  type        = string
  default     = "580-server-open"
  description = "The branch of NVIDIA's driver as Ubuntu 24.04 names it (580-server-open is right for L40S and H100 NVL), or none."
}

variable "engines" {
  type        = string
  default     = "gpu"
  description = "The value of install.sh --engines."
}

variable "accelerator" {
  type        = string
  default     = "kvm"
  description = "Value is kvm, or tcg on a machine without KVM: then the build is some 30 times slower."
}

variable "cpu" {
  type        = string
  default     = "host"
  description = "CPU model of the build; host needs KVM."
}

variable "cpus" {
  type    = number
  default = 4
}

variable "memory" {
  type        = number
  default     = 8192
  description = "Memory in MiB of the build."
}

variable "disk_size" {
  type        = string
  default     = "40G"
  description = "Virtual size of the image."
}

variable "firmware" {
  type    = string
  default = "/usr/share/ovmf/OVMF.fd"
}

variable "network" {
  type        = string
  default     = ""
  description = "Further options of the user network; \",restrict=on\" keeps the build off every network."
}

variable "work" {
  type        = string
  description = "Folder with what build.sh prepared: context.iso, key, the image's folder."
}

variable "name" {
  type    = string
  default = "vllm-appliance"
}

variable "patience" {
  type        = string
  default     = "30m"
  description = "How long the base image may take until ssh answers."
}
