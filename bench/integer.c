/* Straight integer code for the interpreter's speed: CRC-32, a sieve, a matrix product and a sort, each with a checked result. A multiboot
   kernel; prints one line on COM1 and switches the machine off. */
typedef unsigned int u32;
typedef unsigned char u8;

__asm__(".section .header,\"a\"\n.align 4\n.long 0x1badb002, 0, -0x1badb002\n"
        ".text\n.globl _start\n_start: mov $stack_top, %esp\ncall work\n1: hlt\njmp 1b\n"
        ".bss\n.align 16\n.space 16384\nstack_top:\n.text\n");

static u32 table[256], matrix[3][64][64], numbers[20000];
static u8 sieve[1 << 17];

static void out8(int port, u8 value) { __asm__ volatile("outb %0, %w1" ::"a"(value), "d"(port)); }
static u8 in8(int port) { u8 v; __asm__ volatile("inb %w1, %0" : "=a"(v) : "d"(port)); return v; }

static void print(const char *text) {
  for (; *text; text++) {
    while (!(in8(0x3fd) & 0x20)) {}
    out8(0x3f8, *text);
  }
}

static u32 crc(u32 n) {
  for (u32 i = 0; i < 256; i++) {
    u32 c = i;
    for (int k = 0; k < 8; k++) c = c & 1 ? 0xedb88320u ^ c >> 1 : c >> 1;
    table[i] = c;
  }
  u32 c = ~0u;
  for (u32 i = 0; i < n; i++) c = table[(c ^ i) & 0xff] ^ c >> 8;
  return ~c;
}

static u32 primes(void) {
  u32 count = 0;
  for (u32 i = 0; i < sizeof sieve; i++) sieve[i] = 1;
  for (u32 i = 2; i < sizeof sieve; i++) {
    if (!sieve[i]) continue;
    count++;
    for (u32 j = i * 2; j < sizeof sieve; j += i) sieve[j] = 0;
  }
  return count;
}

static u32 product(u32 seed) {
  u32 trace = 0;
  for (int i = 0; i < 64; i++) for (int j = 0; j < 64; j++) matrix[0][i][j] = i + j * seed, matrix[1][i][j] = i * j + seed;
  for (int i = 0; i < 64; i++) for (int j = 0; j < 64; j++) {
    u32 sum = 0;
    for (int k = 0; k < 64; k++) sum += matrix[0][i][k] * matrix[1][k][j];
    matrix[2][i][j] = sum;
  }
  for (int i = 0; i < 64; i++) trace += matrix[2][i][i];
  return trace;
}

static u32 sorted(void) {
  u32 x = 12345, n = sizeof numbers / sizeof *numbers;
  for (u32 i = 0; i < n; i++) numbers[i] = x = x * 1664525u + 1013904223u;
  for (u32 gap = n / 2; gap; gap /= 2)
    for (u32 i = gap; i < n; i++) {
      u32 v = numbers[i], j = i;
      for (; j >= gap && numbers[j - gap] > v; j -= gap) numbers[j] = numbers[j - gap];
      numbers[j] = v;
    }
  for (u32 i = 1; i < n; i++) if (numbers[i - 1] > numbers[i]) return 0;
  return 1;
}

void work(void) {
  int right = 1;
  for (int round = 0; round < 40; round++) {
    right &= crc(1 << 20) == crc(1 << 20) && primes() == 12251 && product(round) == product(round) && sorted();
  }
  print(right ? "right\n" : "WRONG\n");
  __asm__ volatile("outw %0, %w1" ::"a"((unsigned short)0x2000), "d"(0x604));
}
