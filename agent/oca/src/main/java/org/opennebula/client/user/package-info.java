/** Users of OpenNebula. */
@NullMarked
package org.opennebula.client.user;

import org.jspecify.annotations.NullMarked;
