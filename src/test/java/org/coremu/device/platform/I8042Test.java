package org.coremu.device.platform;

import static org.assertj.core.api.Assertions.assertThat;

import org.coremu.device.RecordingLine;
import org.coremu.device.RecordingPower;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class I8042Test {
  private final RecordingLine irq1 = new RecordingLine();
  private final RecordingLine irq12 = new RecordingLine();
  private final RecordingLine a20 = new RecordingLine();
  private final RecordingPower power = new RecordingPower();
  private final I8042 controller = new I8042(irq1, irq12, a20, power);

  private int status() {
    return controller.read(4, 1);
  }

  private int ask(int command) {
    controller.write(4, command, 1);
    assertThat(status() & 1).isEqualTo(1);
    return controller.read(0, 1);
  }

  private void send(int command, int data) {
    controller.write(4, command, 1);
    controller.write(0, data, 1);
  }

  @Test
  void theSelfTestsPass() {
    assertThat(ask(0xaa)).isEqualTo(0x55);
    assertThat(ask(0xab)).isZero();
    assertThat(ask(0xa9)).isZero();
    assertThat(status() & 1).isZero();
  }

  @Test
  void theCommandByteCanBeReadBack() {
    send(0x60, 0x47);
    assertThat(ask(0x20)).isEqualTo(0x47);
    controller.write(4, 0xad, 1);
    controller.write(4, 0xa7, 1);
    assertThat(ask(0x20)).isEqualTo(0x77);
    controller.write(4, 0xae, 1);
    controller.write(4, 0xa8, 1);
    assertThat(ask(0x20)).isEqualTo(0x47);
  }

  @Test
  void aMissingKeyboardTimesOutAtOnce() {
    controller.write(0, 0xff, 1);
    assertThat(status() & 0x61).isEqualTo(0x41);
    assertThat(controller.read(0, 1)).isEqualTo(0xfe);
    send(0xd4, 0xff);
    assertThat(status() & 0x61).isEqualTo(0x61);
    assertThat(controller.read(0, 1)).isEqualTo(0xfe);
  }

  @Test
  void echoedBytesInterruptOnTheirLine() {
    send(0x60, 0x03);
    send(0xd2, 0x5a);
    assertThat(irq1.level()).isTrue();
    assertThat(irq12.level()).isFalse();
    assertThat(controller.read(0, 1)).isEqualTo(0x5a);
    assertThat(irq1.level()).isFalse();
    send(0xd3, 0xa5);
    assertThat(irq12.level()).isTrue();
    assertThat(controller.read(0, 1)).isEqualTo(0xa5);
    assertThat(irq12.level()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0xfe, 1", "0xf0, 1", "0xff, 0", "0xf1, 0"})
  void pulsingLineZeroResets(String command, int resets) {
    controller.write(4, Integer.decode(command), 1);
    assertThat(power.requests()).hasSize(resets);
  }

  @Test
  void theOutputPortGatesA20AndResets() {
    send(0xd1, 0xdd);
    assertThat(a20.level()).isFalse();
    assertThat(ask(0xd0) & 0x03).isEqualTo(0x01);
    send(0xd1, 0xdf);
    assertThat(a20.level()).isTrue();
    assertThat(power.requests()).isEmpty();
    send(0xd1, 0xde);
    assertThat(power.requests()).containsExactly("reset");
  }

  @Test
  void restoringBringsBackTheByteAndTheLines() {
    send(0x60, 0x01);
    send(0xd2, 0x11);
    I8042.State state = controller.save();
    controller.read(0, 1);
    controller.write(4, 0xdd, 1);
    controller.restore(state);
    assertThat(controller.save()).isEqualTo(state);
    assertThat(irq1.level()).isTrue();
    assertThat(a20.level()).isTrue();
  }
}
