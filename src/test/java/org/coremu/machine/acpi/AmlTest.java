package org.coremu.machine.acpi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmlTest {
  private static String hex(byte[] aml) {
    return HexFormat.of().formatHex(aml);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 00",
    "1, 01",
    "2, 0a02",
    "255, 0aff",
    "256, 0b0001",
    "65536, 0c00000100",
    "4294967296, 0e0000000001000000"
  })
  void integersTakeTheirShortestForm(long value, String expected) {
    assertThat(hex(Aml.integer(value))).isEqualTo(expected);
  }

  @Test
  void eisaIdsAreCompressed() {
    assertThat(hex(Aml.hardwareId("PNP0501"))).isEqualTo("0c41d00501");
    assertThat(hex(Aml.hardwareId("ACPI0007"))).isEqualTo("0d414350493030303700");
  }

  /**
   * The length counts itself, so it must grow exactly where one byte less would no longer hold it.
   */
  @ParameterizedTest
  @CsvSource({
    "57, 103e",
    "58, 103f",
    "59, 104104",
    "4089, 104fff",
    "4090, 10810001",
    "1048568, 108fffff",
    "1048569, 10c1000001"
  })
  void packageLengthsGrowWhereTheyMust(int bodyBytes, String expected) {
    String scope = hex(Arrays.copyOf(Aml.scope("_SB", new byte[bodyBytes]), 16));
    assertThat(scope).startsWith(expected + "5f53425f");
  }

  @Test
  void softOffIsAPackageUnderTheRoot() {
    byte[] five = Aml.integer(5);
    byte[] zero = Aml.integer(0);
    assertThat(hex(Aml.name("_S5", Aml.packageOf(List.of(five, five, zero, zero)))))
        .isEqualTo("085f53355f1208040a050a050000");
  }
}
