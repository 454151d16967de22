package org.coremu.device.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.coremu.device.FakeChannel;
import org.coremu.device.RecordingLine;
import org.coremu.device.RecordingPower;
import org.junit.jupiter.api.Test;

class SmallPortsTest {
  private final RecordingPower power = new RecordingPower();

  @Test
  void debugExitNeverExitsWithZero() {
    DebugExit exit = new DebugExit(power);
    exit.write(0, 0, 1);
    exit.write(0, 0x10, 4);
    exit.write(0, 0xffffff31, 1);
    assertThat(power.requests()).containsExactly("exit 1", "exit 33", "exit 99");
    assertThat(exit.read(0, 1)).isZero();
  }

  @Test
  void debugConsoleShowsItIsThereAndPrints() {
    FakeChannel channel = new FakeChannel();
    DebugConsole console = new DebugConsole(channel);
    assertThat(console.read(0, 1)).isEqualTo(0xe9);
    console.write(0, 'o', 1);
    console.write(0, 'k', 1);
    assertThat(channel.output()).isEqualTo("ok");
  }

  @Test
  void portNinetyTwoGatesA20AndResetsOnTheRisingEdge() {
    RecordingLine a20 = new RecordingLine();
    FastControlPort port = new FastControlPort(a20, power);
    assertThat(port.read(0, 1)).isEqualTo(2);
    port.write(0, 0, 1);
    assertThat(a20.level()).isFalse();
    port.write(0, 2, 1);
    assertThat(a20.level()).isTrue();
    port.write(0, 3, 1);
    port.write(0, 3, 1);
    assertThat(power.requests()).containsExactly("reset");
    FastControlPort.State state = port.save();
    port.write(0, 0, 1);
    port.restore(state);
    assertThat(port.save()).isEqualTo(state);
    assertThat(a20.level()).isTrue();
  }
}
