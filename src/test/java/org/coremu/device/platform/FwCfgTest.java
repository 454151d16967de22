package org.coremu.device.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FwCfgTest {
  private final FwCfg device =
      FwCfg.builder()
          .int64(FwCfg.RAM_SIZE, 0x1_2345_6789L)
          .int16(FwCfg.CPU_COUNT, 4)
          .file("opt/b", "second".getBytes(StandardCharsets.US_ASCII))
          .e820(0, 0xa0000, 1)
          .e820(0x100000, 0x7ff00000L, 1)
          .file("etc/show-boot-menu", 2)
          .build();

  private ByteBuffer item(int key, int length) {
    device.write(0, key, 2);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) device.read(1, 1);
    }
    return ByteBuffer.wrap(bytes);
  }

  @Test
  void theSignatureAndFeaturesPromiseNoDma() {
    assertThat(new String(item(0, 4).array(), StandardCharsets.US_ASCII)).isEqualTo("QEMU");
    assertThat(item(1, 4).order(ByteOrder.LITTLE_ENDIAN).getInt()).isEqualTo(1);
  }

  @Test
  void numbersAreLittleEndianAndZeroPastTheirEnd() {
    assertThat(item(FwCfg.RAM_SIZE, 8).order(ByteOrder.LITTLE_ENDIAN).getLong())
        .isEqualTo(0x1_2345_6789L);
    assertThat(item(FwCfg.CPU_COUNT, 4).order(ByteOrder.LITTLE_ENDIAN).getInt()).isEqualTo(4);
    assertThat(item(0x1234, 4).getInt()).isZero();
  }

  @Test
  void theDirectoryListsFilesByNameWithWhereTheyAre() {
    assertThat(item(0x19, 4).getInt()).isEqualTo(3);
    ByteBuffer directory = item(0x19, 4 + 3 * 64);
    String[] names = {"etc/e820", "etc/show-boot-menu", "opt/b"};
    int[] sizes = {40, 8, 6};
    for (int i = 0; i < names.length; i++) {
      directory.position(4 + 64 * i);
      assertThat(directory.getInt()).isEqualTo(sizes[i]);
      assertThat(directory.getShort()).isEqualTo((short) (0x20 + i));
      directory.getShort();
      byte[] name = new byte[56];
      directory.get(name);
      assertThat(new String(name, StandardCharsets.US_ASCII).trim()).isEqualTo(names[i]);
    }
    assertThat(new String(item(0x22, 6).array(), StandardCharsets.US_ASCII)).isEqualTo("second");
    ByteBuffer map = item(0x20, 40).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(map.getLong(20)).isEqualTo(0x100000);
    assertThat(map.getInt(36)).isEqualTo(1);
  }

  @Test
  void onlyAWordSelects() {
    device.write(0, 0, 2);
    device.read(1, 1);
    device.write(0, 0, 1);
    assertThat(device.read(1, 1)).isEqualTo('E');
    FwCfg.State state = device.save();
    device.write(0, 5, 2);
    device.restore(state);
    assertThat(device.read(1, 1)).isEqualTo('M');
  }

  @Test
  void aNameThatDoesNotFitIsRefused() {
    FwCfg.Builder builder = FwCfg.builder();
    assertThatThrownBy(() -> builder.file("x".repeat(56), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
