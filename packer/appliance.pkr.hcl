# Base image -> appliance image. build.sh beside this prepares the key and the context disk, and chooses the accelerator.
source "qemu" "appliance" {
  iso_url      = var.base_url
  iso_checksum = var.base_checksum
  disk_image   = true

  accelerator      = var.accelerator
  cpus             = var.cpus
  memory           = var.memory
  disk_size        = var.disk_size
  disk_interface   = "virtio"
  disk_cache       = "unsafe"
  disk_discard     = "unmap"
  disk_compression = true
  format           = "qcow2"
  net_device       = "virtio-net"
  headless         = true
  output_directory = "${var.work}/image"
  vm_name          = "${var.name}.qcow2"

  # The machine that the VM template asks for. Packer's own ssh port would listen on every interface.
  qemuargs = [
    ["-machine", "type=q35"],
    ["-accel", var.accelerator == "tcg" ? "tcg,thread=multi" : var.accelerator],
    ["-cpu", var.cpu],
    ["-bios", var.firmware],
    ["-cdrom", "${var.work}/context.iso"],
    ["-netdev", "user,id=user.0,hostfwd=tcp:127.0.0.1:{{ .SSHHostPort }}-:22${var.network}"],
    ["-serial", "file:${var.work}/console.log"],
  ]

  communicator         = "ssh"
  ssh_username         = "root"
  ssh_private_key_file = "${var.work}/key"
  ssh_timeout          = var.patience
  shutdown_command     = "systemctl --no-block poweroff"
  shutdown_timeout     = var.patience
}

build {
  sources = ["source.qemu.appliance"]

  provisioner "shell" {
    inline = ["install -d -m 0700 /var/tmp/build"]
  }

  provisioner "file" {
    source      = var.release
    destination = "/var/tmp/build/release.tar"
  }

  # An empty file stands for a base image that has the package.
  provisioner "file" {
    source      = var.one_context == "" ? "/dev/null" : var.one_context
    destination = "/var/tmp/build/one-context.deb"
  }

  provisioner "shell" {
    environment_vars = [
      "NVIDIA_DRIVER=${var.nvidia_driver}",
      "ENGINES=${var.engines}",
    ]
    scripts = [
      "${path.root}/scripts/10-wait.sh",
      "${path.root}/scripts/20-one-context.sh",
      "${path.root}/scripts/30-driver.sh",
      "${path.root}/scripts/40-appliance.sh",
      "${path.root}/scripts/80-versions.sh",
    ]
  }

  provisioner "file" {
    direction   = "download"
    source      = "/var/tmp/build/versions.json"
    destination = "${var.work}/versions.json"
  }

  # Last: it takes away the key by which Packer is in.
  provisioner "shell" {
    script = "${path.root}/scripts/90-sysprep.sh"
  }

  post-processor "shell-local" {
    inline = ["python3 '${path.root}/manifest.py' '${var.work}/image/${var.name}.qcow2' '${var.work}/versions.json'"]
  }
}
