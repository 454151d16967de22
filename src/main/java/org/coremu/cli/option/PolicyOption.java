package org.coremu.cli.option;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.coremu.machine.ConfigException;
import org.coremu.sched.Policy;

/** The value of {@code --policy}: {@code none}, or names of policies with commas between. */
public final class PolicyOption {
  private PolicyOption() {}

  /**
   * Reads the value.
   *
   * @throws ConfigException for a policy that does not exist, or for {@code none} beside others
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
    String[] names = text.split(",", -1);
    if (names.length > 1 && List.of(names).contains("none")) {
      throw new ConfigException("--policy: 'none' stands alone, not in '" + text + "'");
    }
    for (String name : names) {
      used.addAll(choices.parse(name));
    }
    return used;
  }
}
