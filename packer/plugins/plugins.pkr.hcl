# Packer 1.7 and later bring no builder: `packer init packer/plugins` installs it once. Debian's 1.6.6 has the builder
# inside and does not know this block, so it lies in a folder of its own.
packer {
  required_plugins {
    qemu = {
      version = ">= 1.1.0"
      source  = "github.com/hashicorp/qemu"
    }
  }
}
