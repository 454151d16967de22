package org.coremu.sched;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What feedback from the cores parallel runs make use of; each can be switched off. */
public enum Policy {
  SPIN_YIELD("a core that says it only waits gives the rest of its quantum away", new SpinYield()),
  INTERRUPT_FIRST(
      "a core that an interrupt or a message has woken goes first", new InterruptFirst()),
  HOLDER_FIRST("cores that spin come after those that may hold what they want", new HolderFirst()),
  WARM_CACHE("a core that works goes on while the bound lets it", new WarmCache()),
  HAND_OVER("after a core the spinning one goes that went on after it before", new HandOver()),
  SPIN_REST("a worker rests that has only spinning cores, all in vain", new SpinRest());

  private final String meaning;
  final Feedback feedback;

  Policy(String meaning, Feedback feedback) {
    this.meaning = meaning;
    this.feedback = feedback;
  }

  /** All of them, the default. */
  public static Set<Policy> all() {
    return EnumSet.allOf(Policy.class);
  }

  /** Its name for {@code --policy}. */
  public String optionName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** One line for {@code --policy help}. */
  public String meaning() {
    return meaning;
  }
}
