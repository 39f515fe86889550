/** Virtual machines of OpenNebula. */
@NullMarked
package org.opennebula.client.vm;

import org.jspecify.annotations.NullMarked;
