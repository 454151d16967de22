package org.coremu.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeysTest {
  private final List<String> commands = new ArrayList<>();
  private final Keys keys =
      new Keys(
          new Keys.Commands() {
            @Override
            public void quit() {
              commands.add("quit");
            }

            @Override
            public void help() {
              commands.add("help");
            }

            @Override
            public void top() {
              commands.add("top");
            }
          });

  @Test
  void passesOrdinaryKeysIncludingControlC() {
    assertThat(typed("ls\r\3\4\32")).isEqualTo("ls\r\3\4\32");
    assertThat(commands).isEmpty();
  }

  @Test
  void takesItsOwnCommandsOut() {
    assertThat(typed("a\1xb\1hc\1td")).isEqualTo("abcd");
    assertThat(commands).containsExactly("quit", "help", "top");
  }

  @Test
  void sendsControlAWhenItIsTypedTwiceOrMeansNothing() {
    assertThat(typed("\1\1")).isEqualTo("\1");
    assertThat(typed("\1q\1e\1b")).isEqualTo("\1q\1e\1b");
    assertThat(commands).isEmpty();
  }

  @Test
  void remembersTheControlAOfAnEarlierRead() {
    assertThat(typed("\1")).isEmpty();
    assertThat(typed("x")).isEmpty();
    assertThat(commands).containsExactly("quit");
    assertThat(typed("\1")).isEmpty();
    assertThat(typed("z")).isEqualTo("\1z");
  }

  private String typed(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return new String(keys.filter(bytes, bytes.length), StandardCharsets.ISO_8859_1);
  }
}
