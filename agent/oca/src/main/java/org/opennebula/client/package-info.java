/** The part of the OpenNebula Java OCA API that the agent calls. */
@NullMarked
package org.opennebula.client;

import org.jspecify.annotations.NullMarked;
