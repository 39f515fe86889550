# The one door. Each target finds JDK 25 by itself: JAVA_HOME if it is 25, else one under /usr/lib/jvm.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

is25 = $(shell grep -qs '^JAVA_VERSION="25[."]' '$(1)/release' && echo '$(1)')
JDK := $(firstword $(foreach home,$(JAVA_HOME) $(wildcard /usr/lib/jvm/*),$(call is25,$(home))))
export JAVA_HOME := $(JDK)
# Maven 3.8 and the checkers still use what JDK 25 warns of.
export MAVEN_OPTS := --sun-misc-unsafe-memory-access=allow $(MAVEN_OPTS)
MVN := mvn -q -B -ntp
VERSION = $(shell sed -n '0,/<version>/s|.*<version>\(.*\)</version>|\1|p' pom.xml)

.PHONY: help test check shellcheck fmt dist class-list bench reproducible demo test-real test-system test-browser \
	vm vm-short vm-ubuntu vm-night vm-disk vm-image packer-check night opennebula clean jdk

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 20

jdk:
	@test -n '$(JDK)' || { echo 'make: no JDK 25 found: JAVA_HOME is "$(JAVA_HOME)" and /usr/lib/jvm has none. Install one (for example temurin-25-jdk) or set JAVA_HOME.' >&2; exit 1; }

test: jdk ## all tests and gates that need no vLLM
	mvn -B -ntp verify

check: jdk ## compile with every gate, without tests
	$(MVN) verify -DskipTests -Djacoco.skip

shellcheck: ## every shell script of the tree
	@shellcheck --severity=warning $$(git grep -lE '^#!/.*(ba|/)sh( |$$)')

fmt: jdk ## format the sources
	$(MVN) spotless:apply

dist: jdk ## the agent for this machine (target/dist), and the release (target/vllm-agent-VERSION and its .tar.gz)
	@rm -rf target/dist
	@umask 022 && $(MVN) package -DskipTests -Djacoco.skip -pl agent/daemon -am # jars keep the modes of files
	@python3 agent/daemon/src/assembly/release.py --jdk '$(JDK)'

class-list: jdk ## the list of classes for the archive, anew: after larger changes of the code
	@$(MVN) package -DskipTests -Djacoco.skip
	@python3 agent/daemon/src/assembly/release.py --jdk '$(JDK)'
	@python3 tests/bench/class_list.py --jdk '$(JDK)' --output agent/daemon/src/assembly/classes.list \
	  --agent target/vllm-agent-$(VERSION)/bin/vllm-agent

bench: jdk ## what the agent costs: start, memory, idle processor, diagnosis of a large log; takes some minutes
	@$(MVN) package -DskipTests -Djacoco.skip
	@python3 agent/daemon/src/assembly/release.py --jdk '$(JDK)'
	@python3 tests/bench/bench.py --jdk '$(JDK)' --release target/vllm-agent-$(VERSION)

reproducible: jdk ## builds the release twice, in other folders with another umask and time zone, and compares the bytes
	@tests/bench/reproducible.sh

DEMO = demo
DEMO_OPTIONS =
MODEL_OPTIONS =
demo: jdk ## the main job on this machine: real vLLM and GuideLLM on the CPU, a stand-in for OpenNebula
	@$(MVN) -Dstyle.color=never package -DskipTests -Djacoco.skip
	@engines=$$(python3 appliance/engines/install.py) && \
	  "$$engines/bin/python" tests/tiny-model/make_tiny_model.py target/$(DEMO)-model $(MODEL_OPTIONS) && \
	  exec '$(JDK)/bin/java' -XX:+UseSerialGC -cp 'tests/target/classes:target/dist/lib/*' oneapp.tests.demo.Demo \
	    --agent target/dist/bin/vllm-agent --engines "$$engines" --model target/$(DEMO)-model --work target/$(DEMO) $(DEMO_OPTIONS)

# Tests with a tag of their own: each needs more than `make test` may.
TAGGED = mvn -B -ntp verify -Djacoco.skip -Dtest.excluded= -Dsurefire.failIfNoSpecifiedTests=false

test-real: jdk ## the tests that need the real vLLM and GuideLLM
	@python3 appliance/engines/install.py > /dev/null
	$(TAGGED) -Dtest.groups=real -Dtest.timeout=30m

test-system: dist ## the unit under a real systemd and the door with a real nginx, as root; tests/packages.sh first
	python3 -m unittest discover -s tests/system -v

test-browser: jdk ## the tests that need a browser; pages and pictures stay in tests/target/reports
	@tests/packages.sh
	$(TAGGED) -Dtest.groups=browser -Dtest.timeout=20m

vm-disk: dist # the appliance on a disk that boots
	@mkdir -p target/vm
	tests/vm/appliance.sh 'target/vllm-agent-$(VERSION)' target/vm/appliance.qcow2

VM_TEST = $(TAGGED) -pl tests -am -Dtest.timeout=60m -Dtest.groups

vm: vm-disk ## the appliance in a VM that boots: agent, power cut, changed context, reboot, wrong context
	$(VM_TEST)='vm | vm-night'

vm-short: vm-disk ## the part of it that every change must pass
	$(VM_TEST)=vm

vm-ubuntu: ## the same on Ubuntu 24.04, whose archive and keys it needs: see tests/vm/base.sh
	SUITE=noble $(MAKE) vm-short

vm-night: vm-disk ## the rest of it
	$(VM_TEST)=vm-night

vm-image: dist ## a real packer build of the test VM's base image, without KVM and without a network, and a boot of what it built
	base=$$(tests/vm/base.sh) && \
	  ACCELERATOR=tcg packer/build.sh target/packer "$$base/disk.qcow2" \
	    "sha256:$$(sha256sum "$$base/disk.qcow2" | cut -d ' ' -f 1)" 'target/vllm-agent-$(VERSION).tar.gz' \
	    -var "one_context=$$base/one-context.deb" -var nvidia_driver=none -var engines=none \
	    -var cpus=2 -var memory=1536 -var disk_size=4G -var network=,restrict=on
	$(VM_TEST)=vm-image

night: vm-night vm-image ## what takes hours: the rest of the VM's tests, every fault on the real vLLM too, a benchmark made twice
	@python3 appliance/engines/install.py > /dev/null
	$(TAGGED) -Dtest=StandInFaultsTest -Dfaults.flood.mib=1024 -Dtest.timeout=30m
	$(TAGGED) -Dtest.groups=night -Dtest.timeout=60m

packer-check: ## format and validity of packer/
	packer/check.sh

OPENNEBULA := tests/target/opennebula.classpath
$(OPENNEBULA): pom.xml tests/pom.xml agent/daemon/pom.xml \
		$(wildcard tests/src/main/java/oneapp/tests/opennebula/*.java) \
		$(wildcard agent/daemon/src/main/java/oneapp/agent/d*/*.java) | jdk
	@mkdir -p $(@D)
	@$(MVN) compile dependency:build-classpath -pl tests -am \
		-Dmdep.outputFile=target/opennebula.classpath >$(@D)/opennebula.log 2>&1 \
		|| { cat $(@D)/opennebula.log >&2; exit 1; }
	@touch $@

opennebula: jdk $(OPENNEBULA) ## a stand-in for OpenNebula: PORT=2633 [ONEGATE_PORT=5030] [STATE=file]
	@exec '$(JDK)/bin/java' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
		-cp "tests/target/classes:$$(cat $(OPENNEBULA))" \
		oneapp.tests.opennebula.OpenNebulaMain '$(PORT)' '$(ONEGATE_PORT)' '$(STATE)'

clean: jdk ## remove everything that was built
	$(MVN) clean
	rm -rf target
