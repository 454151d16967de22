package org.coremu.device.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.coremu.device.timer.Pit8254;
import org.coremu.hw.FakeClock;
import org.coremu.hw.IrqLine;
import org.junit.jupiter.api.Test;

class SystemControlPortTest {
  private final FakeClock clock = new FakeClock();
  private final Pit8254 pit = new Pit8254(clock, IrqLine.UNCONNECTED);
  private final SystemControlPort port = new SystemControlPort(clock, pit::gate2, pit::output2);

  @Test
  void aDelayLoopSeesChannelTwoExpire() {
    port.write(0, 0x01, 1);
    pit.write(3, 0xb0, 1);
    pit.write(2, 0x9c, 1);
    pit.write(2, 0x2e, 1);
    clock.advance(9_990_000);
    assertThat(port.read(0, 1) & 0x20).isZero();
    clock.advance(20_000);
    assertThat(port.read(0, 1) & 0x20).isEqualTo(0x20);
  }

  @Test
  void theRefreshBitToggles() {
    int first = port.read(0, 1) & 0x10;
    clock.advance(15_085);
    assertThat(port.read(0, 1) & 0x10).isNotEqualTo(first);
    clock.advance(15_085);
    assertThat(port.read(0, 1) & 0x10).isEqualTo(first);
  }

  @Test
  void onlyTheLowNibbleIsStored() {
    port.write(0, 0xff, 1);
    assertThat(port.read(0, 1) & 0xcf).isEqualTo(0x0f);
    SystemControlPort.State state = port.save();
    port.write(0, 0, 1);
    port.restore(state);
    assertThat(port.save()).isEqualTo(state);
  }
}
