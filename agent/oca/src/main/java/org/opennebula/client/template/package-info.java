/** VM templates of OpenNebula. */
@NullMarked
package org.opennebula.client.template;

import org.jspecify.annotations.NullMarked;
