/**
 * In: folders of YAML files, or a signed certificate that was verified. Out: the limits and rows
 * that results are judged by, and a row made of a certificate.
 */
@NullMarked
package oneapp.agent.reference;

import org.jspecify.annotations.NullMarked;
