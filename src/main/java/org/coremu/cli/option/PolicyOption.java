package org.coremu.cli.option;

import java.util.EnumSet;
import java.util.Set;
import org.coremu.sched.Policy;

/** The value of {@code --policy}: {@code none}, or names of policies with commas between. */
public final class PolicyOption {
  private PolicyOption() {}

  /**
   * Reads the value.
   *
   * @throws org.coremu.machine.ConfigException for a policy that does not exist
   * @throws HelpRequest for {@code help}
   */
  public static Set<Policy> parse(String text) {
    Choice<Set<Policy>> choices = new Choice<>("--policy");
    for (Policy policy : Policy.values()) {
      choices.with(policy.optionName(), EnumSet.of(policy), policy.meaning());
    }
    choices.with(
        "none", EnumSet.noneOf(Policy.class), "the core that is furthest behind goes first");
    Set<Policy> used = EnumSet.noneOf(Policy.class);
    for (String name : text.split(",", -1)) {
      used.addAll(choices.parse(name));
    }
    return used;
  }
}
