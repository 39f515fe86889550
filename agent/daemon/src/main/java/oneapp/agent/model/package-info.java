/**
 * In: a model's id and revision. Out: {@code ModelFacts}, from its config.json and the index of its
 * weights. To add a name that a config.json uses for a known figure: {@code ConfigParser}.
 */
@NullMarked
package oneapp.agent.model;

import org.jspecify.annotations.NullMarked;
