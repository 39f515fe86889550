@NullMarked
package org.opennebula.client;

import org.jspecify.annotations.NullMarked;
