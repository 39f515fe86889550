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

.PHONY: help test check fmt dist demo test-real opennebula night clean jdk

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 20

jdk:
	@test -n '$(JDK)' || { echo 'make: no JDK 25 found: JAVA_HOME is "$(JAVA_HOME)" and /usr/lib/jvm has none. Install one (for example temurin-25-jdk) or set JAVA_HOME.' >&2; exit 1; }

test: jdk ## all tests and gates that need no vLLM
	mvn -B -ntp verify

check: jdk ## compile with every gate, without tests
	$(MVN) verify -DskipTests -Djacoco.skip

fmt: jdk ## format the sources
	$(MVN) spotless:apply

dist: jdk ## target/dist: the agent as it is installed
	$(MVN) package -DskipTests -Djacoco.skip -pl agent/daemon -am

demo: jdk ## the main job on this machine: real vLLM and GuideLLM on the CPU, a stand-in for OpenNebula
	@$(MVN) -Dstyle.color=never package -DskipTests -Djacoco.skip
	@engines=$$(python3 appliance/engines/install.py) && \
	  "$$engines/bin/python" tests/tiny-model/make_tiny_model.py target/demo-model && \
	  exec '$(JDK)/bin/java' -XX:+UseSerialGC -cp 'tests/target/classes:target/dist/lib/*' oneapp.tests.demo.Demo \
	    --agent target/dist/bin/vllm-agent --engines "$$engines" --model target/demo-model --work target/demo

test-real: jdk ## the tests that need the real vLLM and GuideLLM
	@python3 appliance/engines/install.py > /dev/null
	mvn -B -ntp verify -Djacoco.skip -Dtest.groups=real -Dtest.excluded= -Dtest.timeout=30m -Dsurefire.failIfNoSpecifiedTests=false

night: jdk ## what takes hours: the whole matrix of faults, on the real vLLM too
	@python3 appliance/engines/install.py > /dev/null
	mvn -B -ntp verify -Djacoco.skip -Dtest=StandInFaultsTest -Dfaults.flood.mib=1024 -Dtest.timeout=30m -Dsurefire.failIfNoSpecifiedTests=false
	mvn -B -ntp verify -Djacoco.skip -Dtest.groups=night -Dtest.excluded= -Dtest.timeout=60m -Dsurefire.failIfNoSpecifiedTests=false

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
