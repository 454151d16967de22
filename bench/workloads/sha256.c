/* SHA-256 (FIPS 180-4) of one megabyte, again and again. The constants are computed: of the rounds, fractions of the
   cube roots of the first primes; of the initial state, those of the square roots. */
#include "bench.h"
#include <string.h>

enum { BYTES = 1 << 20 };

static uint32_t constants[64], initial[8];
static uint8_t message[BYTES];

/* The first 32 bits of the fraction of the root of n: the greatest r with r^power <= n * 2^(32 * power). */
static uint32_t root_fraction(unsigned n, int power) {
  uint64_t root = 0;
  for (uint64_t bit = 1ull << 36; bit; bit >>= 1) {
    uint64_t r = root | bit;
    unsigned __int128 square = (unsigned __int128)r * r;
    unsigned __int128 limit = (unsigned __int128)n << 64;
    /* r^3 <= n * 2^96 in words that fit: r^2 <= n * 2^96 / r */
    if (power == 2 ? square <= limit : square <= (((unsigned __int128)n << 96) / r)) root = r;
  }
  return (uint32_t)root;
}

static void make_constants(void) {
  int found = 0;
  for (unsigned n = 2; found < 64; n++) {
    unsigned divisor = 2;
    while (divisor * divisor <= n && n % divisor) divisor++;
    if (divisor * divisor <= n) continue;
    if (found < 8) initial[found] = root_fraction(n, 2);
    constants[found++] = root_fraction(n, 3);
  }
}

static inline uint32_t rotated(uint32_t x, int n) { return x >> n | x << (32 - n); }

static void compress(uint32_t state[8], const uint8_t *block) {
  uint32_t w[64], s[8];
  for (int i = 0; i < 16; i++) {
    uint32_t word;
    memcpy(&word, block + 4 * i, 4);
    w[i] = __builtin_bswap32(word);
  }
  for (int i = 16; i < 64; i++) {
    uint32_t a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + w[i - 7];
    w[i] += (rotated(a, 7) ^ rotated(a, 18) ^ a >> 3) + (rotated(b, 17) ^ rotated(b, 19) ^ b >> 10);
  }
  memcpy(s, state, sizeof s);
  for (int i = 0; i < 64; i++) {
    uint32_t a = s[0], e = s[4], t1 = s[7] + constants[i] + w[i];
    t1 += (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + ((e & s[5]) ^ (~e & s[6]));
    uint32_t t2 = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
    s[7] = s[6], s[6] = s[5], s[5] = s[4], s[4] = s[3] + t1;
    s[3] = s[2], s[2] = s[1], s[1] = s[0], s[0] = t1 + t2;
  }
  for (int i = 0; i < 8; i++) state[i] += s[i];
}

static void digest(const uint8_t *bytes, uint64_t length, uint32_t state[8]) {
  uint8_t last[128] = {0};
  uint64_t whole = length / 64 * 64, rest = length - whole, end = rest < 56 ? 64 : 128;
  memcpy(state, initial, sizeof initial);
  for (uint64_t at = 0; at < whole; at += 64) compress(state, bytes + at);
  memcpy(last, bytes + whole, rest);
  last[rest] = 0x80;
  for (int i = 0; i < 8; i++) last[end - 1 - i] = length * 8 >> 8 * i;
  for (uint64_t at = 0; at < end; at += 64) compress(state, last + at);
}

uint64_t sha256(unsigned scale) {
  uint32_t state[8];
  uint64_t random = 3, total = 0;
  make_constants();
  digest((const uint8_t *)"abc", 3, state);
  CHECK(state[0] == 0xba7816bf && state[7] == 0xf20015ad);
  for (int i = 0; i < BYTES; i++) message[i] = next_random(&random) >> 30;
  begin();
  for (unsigned round = 0; round < scale; round++) {
    digest(message, BYTES, state);
    memcpy(message, state, sizeof state);
    total = mixed(total, (uint64_t)state[0] << 32 | state[7]);
  }
  return total;
}
