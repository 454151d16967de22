/* Packed integers in SSE2, as video code uses them: a search for the least difference between blocks of pixels,
   blending, a filter in 16 bits, a threshold by comparison, a transposition. Some of it is compared with plain C. */
#include "bench.h"
#include <emmintrin.h>
#include <stdlib.h>

enum { WIDTH = 256, HEIGHT = 128, PIXELS = WIDTH * HEIGHT, BLOCK = 16, REACH = 8 };

static uint8_t first[PIXELS] __attribute__((aligned(16)));
static uint8_t second[PIXELS] __attribute__((aligned(16)));
static uint8_t result[PIXELS] __attribute__((aligned(16)));

static __m128i load(const void *at) { return _mm_loadu_si128(at); }

static void store(void *at, __m128i value) { _mm_storeu_si128(at, value); }

static unsigned difference(const uint8_t *a, const uint8_t *b) {
  __m128i sum = _mm_setzero_si128();
  for (int y = 0; y < BLOCK; y++, a += WIDTH, b += WIDTH) sum = _mm_add_epi64(sum, _mm_sad_epu8(load(a), load(b)));
  return _mm_cvtsi128_si32(sum) + _mm_extract_epi16(sum, 4);
}

static unsigned plain_difference(const uint8_t *a, const uint8_t *b) {
  unsigned sum = 0;
  for (int y = 0; y < BLOCK; y++) {
    for (int x = 0; x < BLOCK; x++) sum += abs(a[y * WIDTH + x] - b[y * WIDTH + x]);
  }
  return sum;
}

/* Where near (x, y) the second picture is most like the first one. */
static unsigned search(int x, int y) {
  const uint8_t *block = first + y * WIDTH + x, *place = second;
  unsigned best = ~0u;
  for (int dy = -REACH; dy < REACH; dy++) {
    for (int dx = -REACH; dx < REACH; dx++) {
      const uint8_t *other = second + (y + dy) * WIDTH + x + dx;
      unsigned d = difference(block, other);
      if (d < best) best = d, place = other;
    }
  }
  CHECK(best == plain_difference(block, place));
  return best ^ (unsigned)(place - second) << 16;
}

/* The mean of eight words, of which a counts `weight` in 256. */
static __m128i mean_of(__m128i a, __m128i b, unsigned weight) {
  a = _mm_mullo_epi16(a, _mm_set1_epi16(weight));
  b = _mm_mullo_epi16(b, _mm_set1_epi16(256 - weight));
  return _mm_srli_epi16(_mm_add_epi16(a, b), 8);
}

static void blend(unsigned weight) {
  __m128i zero = _mm_setzero_si128();
  for (int i = 0; i < PIXELS; i += 16) {
    __m128i a = load(first + i), b = load(second + i);
    __m128i low = mean_of(_mm_unpacklo_epi8(a, zero), _mm_unpacklo_epi8(b, zero), weight);
    __m128i high = mean_of(_mm_unpackhi_epi8(a, zero), _mm_unpackhi_epi8(b, zero), weight);
    __m128i mean = _mm_packus_epi16(low, high);
    __m128i sharper = _mm_adds_epu8(_mm_subs_epu8(mean, _mm_avg_epu8(a, b)), _mm_max_epu8(a, _mm_min_epu8(mean, b)));
    store(result + i, sharper);
  }
}

static void filter(void) {
  const __m128i taps = _mm_setr_epi16(-3, 11, 29, 64, 29, 11, -3, -10);
  for (int i = 0; i + 16 <= PIXELS; i += 4) {
    int32_t sums[4];
    __m128i words = _mm_unpacklo_epi8(load(result + i), _mm_setzero_si128());
    __m128i pairs = _mm_madd_epi16(words, taps);
    pairs = _mm_add_epi32(pairs, _mm_shuffle_epi32(pairs, 0x4e));
    store(sums, _mm_srai_epi32(_mm_add_epi32(pairs, _mm_shuffle_epi32(pairs, 0xb1)), 7));
    result[i] = sums[0] < 0 ? 0 : sums[0] > 255 ? 255 : sums[0];
  }
}

static unsigned above(uint8_t threshold) {
  unsigned count = 0;
  __m128i limit = _mm_set1_epi8(threshold ^ 0x80), flip = _mm_set1_epi8((char)0x80);
  for (int i = 0; i < PIXELS; i += 16) {
    unsigned mask = _mm_movemask_epi8(_mm_cmpgt_epi8(_mm_xor_si128(load(result + i), flip), limit));
    for (; mask; mask &= mask - 1) count++;
  }
  return count;
}

static unsigned plain_above(uint8_t threshold) {
  unsigned count = 0;
  for (int i = 0; i < PIXELS; i++) count += result[i] > threshold;
  return count;
}

/* Transposes all blocks of 8 by 8 words of the second picture in place. */
static void transpose(void) {
  for (int block = 0; block + 128 <= PIXELS; block += 128) {
    __m128i r[8], t[8];
    for (int i = 0; i < 8; i++) r[i] = load(second + block + 16 * i);
    for (int i = 0; i < 4; i++) {
      t[2 * i] = _mm_unpacklo_epi16(r[i], r[i + 4]);
      t[2 * i + 1] = _mm_unpackhi_epi16(r[i], r[i + 4]);
    }
    for (int i = 0; i < 4; i++) {
      r[2 * i] = _mm_unpacklo_epi16(t[i], t[i + 4]);
      r[2 * i + 1] = _mm_unpackhi_epi16(t[i], t[i + 4]);
    }
    for (int i = 0; i < 4; i++) {
      store(second + block + 32 * i, _mm_unpacklo_epi16(r[i], r[i + 4]));
      store(second + block + 32 * i + 16, _mm_unpackhi_epi16(r[i], r[i + 4]));
    }
  }
}

static uint64_t sum_of(const uint8_t *pixels) {
  uint64_t sum = 0;
  for (int i = 0; i < PIXELS; i += 31) sum = mixed(sum, pixels[i]);
  return sum;
}

uint64_t simd(unsigned scale) {
  uint64_t random = 7, total = 0;
  for (int i = 0; i < PIXELS; i++) {
    first[i] = (i % WIDTH) * 3 + (i / WIDTH) * 5 + (next_random(&random) >> 40 & 31);
    second[i] = first[i] + (next_random(&random) >> 40 & 7);
  }
  begin();
  for (unsigned round = 0; round < scale; round++) {
    for (int y = REACH; y + BLOCK + REACH <= HEIGHT; y += BLOCK) {
      for (int x = REACH; x + BLOCK + REACH <= WIDTH; x += BLOCK) total = mixed(total, search(x, y));
    }
    for (int weight = 0; weight < 256; weight += 16) {
      blend(weight);
      filter();
      unsigned count = above(weight);
      CHECK(count == plain_above(weight));
      total = mixed(total, count);
      transpose();
    }
    total = mixed(total, sum_of(result) ^ sum_of(second));
  }
  return total;
}
