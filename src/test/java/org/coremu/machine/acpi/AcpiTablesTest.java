package org.coremu.machine.acpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcpiTablesTest {
  private static final long RSDP = 0xe0000;
  private static final long BASE = 0x7f_0000;

  /** Walks from the root pointer as a guest does, checking what a guest checks. */
  private static Map<String, ByteBuffer> walk(AcpiBoard board) {
    AcpiTables tables = new AcpiTables(board);
    List<AcpiTables.Blob> blobs = tables.place(RSDP, BASE);
    assertThat(blobs.get(0).address()).isEqualTo(RSDP);
    assertThat(blobs.get(1).address()).isEqualTo(BASE);
    assertThat(blobs.get(1).bytes()).hasSize(tables.size());
    ByteBuffer rsdp = littleEndian(blobs.get(0).bytes());
    assertThat(signature(rsdp, 8)).isEqualTo("RSD PTR ");
    assertThat(sum(rsdp, 20)).isZero();
    assertThat(sum(rsdp, rsdp.getInt(20))).isZero();

    ByteBuffer block = littleEndian(blobs.get(1).bytes());
    Map<String, ByteBuffer> found = new HashMap<>();
    ByteBuffer xsdt = table(block, rsdp.getLong(24));
    ByteBuffer rsdt = table(block, rsdp.getInt(16));
    for (int i = 0; 36 + 8 * i < xsdt.limit(); i++) {
      assertThat(rsdt.getInt(36 + 4 * i)).isEqualTo((int) xsdt.getLong(36 + 8 * i));
      ByteBuffer table = table(block, xsdt.getLong(36 + 8 * i));
      found.put(signature(table, 4), table);
    }
    ByteBuffer fadt = found.get("FACP");
    assertThat(fadt.getLong(140)).isEqualTo(fadt.getInt(40));
    found.put("DSDT", table(block, fadt.getLong(140)));
    int facs = fadt.getInt(36);
    assertThat(facs % 64).isZero();
    assertThat(signature(block.slice((int) (facs - BASE), 64), 4)).isEqualTo("FACS");
    return found;
  }

  private static ByteBuffer table(ByteBuffer block, long address) {
    int at = (int) (address - BASE);
    ByteBuffer table = block.slice(at, block.getInt(at + 4)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(sum(table, table.limit())).as("checksum of " + signature(table, 4)).isZero();
    return table;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 255, 256, 1024, 4096})
  void everyCoreIsListedOnceInTheFormItsIdNeeds(int cores) {
    ByteBuffer madt = walk(AcpiBoards.pc(cores, true)).get("APIC");
    List<Integer> ids = new ArrayList<>();
    int x2ApicNmis = 0;
    int xApicNmis = 0;
    int at = 44;
    for (; at < madt.limit(); at += madt.get(at + 1) & 0xff) {
      switch (madt.get(at)) {
        case 0 -> {
          int id = madt.get(at + 3) & 0xff;
          assertThat(id).isLessThan(255);
          assertThat(madt.get(at + 2) & 0xff).isEqualTo(id);
          ids.add(id);
        }
        case 9 -> {
          int id = madt.getInt(at + 4);
          assertThat(id).isGreaterThanOrEqualTo(255);
          assertThat(madt.getInt(at + 12)).isEqualTo(id);
          ids.add(id);
        }
        case 4 -> xApicNmis++;
        case 10 -> x2ApicNmis++;
        default -> assertThat(madt.get(at)).isIn((byte) 1, (byte) 2);
      }
    }
    assertThat(at).isEqualTo(madt.limit());
    assertThat(ids).hasSize(cores).isSorted().doesNotHaveDuplicates();
    assertThat(xApicNmis).isEqualTo(1);
    assertThat(x2ApicNmis).isEqualTo(cores > 255 ? 1 : 0);
  }

  @Test
  void theFadtSaysWhatTheBoardHas() {
    ByteBuffer fadt = walk(AcpiBoards.pc(1, false)).get("FACP");
    assertThat(fadt.limit()).isEqualTo(276);
    assertThat(fadt.getShort(46)).as("SCI_INT").isEqualTo((short) 9);
    assertThat(fadt.getInt(48)).as("SMI_CMD").isZero();
    assertThat(fadt.getInt(76)).as("PM_TMR_BLK").isEqualTo(0x608);
    assertThat(fadt.getShort(109) & 1 << 1).as("8042").isZero();
    assertThat(fadt.getShort(109) & 1 << 5).as("CMOS RTC not present").isZero();
    assertThat(fadt.getInt(112) & 1 << 10).as("RESET_REG_SUP").isNotZero();
    assertThat(fadt.getLong(120)).as("RESET_REG address").isEqualTo(0xcf9);
    assertThat(fadt.get(128)).as("RESET_VALUE").isEqualTo((byte) 6);
    assertThat(fadt.getLong(148 + 4)).as("X_PM1a_EVT_BLK").isEqualTo(0x600);
    assertThat(fadt.getLong(172 + 4)).as("X_PM1a_CNT_BLK").isEqualTo(0x604);
    assertThat(fadt.getLong(208 + 4)).as("X_PM_TMR_BLK").isEqualTo(0x608);
    assertThat(fadt.getLong(220 + 4)).as("X_GPE0_BLK").isZero();
  }

  @Test
  void aBoardWithoutLegacyDevicesSaysSo() {
    AcpiBoard pc = AcpiBoards.pc(1, false);
    AcpiBoard bare =
        new AcpiBoard(
            pc.apicIds(),
            pc.localApicAddress(),
            pc.ioApics(),
            pc.overrides(),
            pc.power(),
            Optional.empty(),
            List.of(AcpiDevice.keyboard()),
            false);
    Map<String, ByteBuffer> tables = walk(bare);
    assertThat(tables).doesNotContainKey("HPET");
    assertThat(tables.get("APIC").getInt(40)).as("PCAT_COMPAT").isZero();
    assertThat(tables.get("FACP").getShort(109) & 0x22)
        .as("8042 and CMOS RTC not present")
        .isEqualTo(0x22);
    assertThat(tables.get("FACP").get(108)).as("CENTURY").isZero();
  }

  @Test
  void aBlockThatCannotBeReachedWith32BitsIsRefused() {
    AcpiTables tables = new AcpiTables(AcpiBoards.pc(1, false));
    assertThatThrownBy(() -> tables.place(RSDP, 0xffff_ffc0L))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tables.place(RSDP + 8, BASE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String signature(ByteBuffer table, int length) {
    byte[] name = new byte[length];
    table.get(0, name);
    return new String(name, StandardCharsets.US_ASCII);
  }

  private static int sum(ByteBuffer table, int length) {
    int sum = 0;
    for (int i = 0; i < length; i++) {
      sum += table.get(i);
    }
    return sum & 0xff;
  }
}
