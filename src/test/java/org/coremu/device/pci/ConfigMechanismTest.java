package org.coremu.device.pci;

import static org.assertj.core.api.Assertions.assertThat;

import org.coremu.device.RecordingPower;
import org.coremu.device.acpi.ResetControl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigMechanismTest {
  private static final int DATA = 4;

  private final RecordingPower power = new RecordingPower();
  private final HostBridge bridge = new HostBridge();
  private final ConfigMechanism pci =
      new ConfigMechanism(new ResetControl(power)).attach(0, 0, bridge);

  private void select(int bus, int device, int register) {
    pci.write(0, 1 << 31 | bus << 16 | device << 11 | register, 4);
  }

  @Test
  void theHostBridgeIsA440FxInAParavirtualMachine() {
    select(0, 0, 0);
    assertThat(pci.read(DATA, 4)).isEqualTo(0x1237_8086);
    assertThat(pci.read(DATA + 2, 2)).isEqualTo(0x1237);
    select(0, 0, 0x08);
    assertThat(pci.read(DATA, 4)).isEqualTo(0x0600_0002);
    select(0, 0, 0x2c);
    assertThat(pci.read(DATA, 4)).isEqualTo(0x1100_1af4);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "0, 31", "1, 0", "255, 0"})
  void whatIsNotThereReadsAsOnes(int bus, int device) {
    select(bus, device, 0);
    pci.write(DATA, 0, 4);
    assertThat(pci.read(DATA, 4)).isEqualTo(-1);
  }

  @Test
  void nothingAnswersUnlessTheAddressIsEnabled() {
    pci.write(0, 0, 4);
    assertThat(pci.read(DATA, 4)).isEqualTo(-1);
  }

  @Test
  void onlyWritableBitsChange() {
    select(0, 0, 0x58);
    pci.write(DATA + 1, 0xff, 1);
    pci.write(DATA + 2, 0xffff, 2);
    assertThat(pci.read(DATA, 4)).isEqualTo(0x3333_3000);
    select(0, 0, 0);
    pci.write(DATA, 0, 4);
    assertThat(pci.read(DATA, 4)).isEqualTo(0x1237_8086);
  }

  @Test
  void accessesBeyondTheWindowReachNothing() {
    select(0, 0, 0xfc);
    pci.write(DATA + 1, 0, 4);
    assertThat(pci.read(DATA + 1, 4)).isEqualTo(-1);
    assertThat(pci.read(DATA + 3, 2)).isEqualTo(-1);
  }

  @Test
  void theAddressTakesDoublewordsOnlyAndTheByteAtCf9Resets() {
    select(0, 0, 0x58);
    pci.write(0, 0, 2);
    pci.write(2, 0, 1);
    assertThat(pci.read(0, 4)).isEqualTo(1 << 31 | 0x58);
    assertThat(pci.read(0, 2)).isEqualTo(-1);
    pci.write(1, ResetControl.RESET_VALUE, 1);
    assertThat(power.requests()).containsExactly("reset");
    assertThat(pci.read(0, 4)).isEqualTo(1 << 31 | 0x58);
  }

  @Test
  void stateComesBack() {
    select(0, 0, 0x72);
    pci.write(DATA + 2, 0x48, 1);
    HostBridge.State registers = bridge.save();
    ConfigMechanism.State address = pci.save();
    pci.write(DATA + 2, 0, 1);
    select(0, 0, 0);
    bridge.restore(registers);
    pci.restore(address);
    assertThat(pci.read(DATA + 2, 1) & 0xff).isEqualTo(0x4a);
  }
}
