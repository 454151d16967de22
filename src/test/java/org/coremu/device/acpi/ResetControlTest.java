package org.coremu.device.acpi;

import static org.assertj.core.api.Assertions.assertThat;

import org.coremu.device.RecordingPower;
import org.junit.jupiter.api.Test;

class ResetControlTest {
  private final RecordingPower power = new RecordingPower();
  private final ResetControl reset = new ResetControl(power);

  @Test
  void theAcpiResetValueResets() {
    reset.write(0, ResetControl.RESET_VALUE, 1);
    assertThat(power.requests()).containsExactly("reset");
  }

  @Test
  void onlyTheRisingEdgeOfTheCpuBitResets() {
    reset.write(0, 0x02, 1);
    assertThat(power.requests()).isEmpty();
    assertThat(reset.read(0, 1)).isEqualTo(2);
    reset.restore(new ResetControl.State(4));
    reset.write(0, 0x06, 1);
    assertThat(power.requests()).isEmpty();
    assertThat(reset.save().register()).isEqualTo(6);
  }
}
