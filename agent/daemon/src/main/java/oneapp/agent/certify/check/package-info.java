/**
 * In: a result with its figures. Out: findings that a reader must know, or that make it VOID. To
 * add one: a method in the {@code *Checks} class of its group, and its code in {@code FindingCode}.
 * Pure.
 */
@NullMarked
package oneapp.agent.certify.check;

import org.jspecify.annotations.NullMarked;
