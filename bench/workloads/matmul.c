/* The product of matrices of doubles, in tiles and with two numbers a register. */
#include "bench.h"
#include <emmintrin.h>
#include <string.h>

enum { SIDE = 192, TILE = 32 };

static double left[SIDE][SIDE] __attribute__((aligned(64)));
static double right[SIDE][SIDE] __attribute__((aligned(64)));
static double product[SIDE][SIDE] __attribute__((aligned(64)));

/* Adds to four columns of one row what TILE terms give. */
static inline void add_terms(double *to, const double *row, const double *columns) {
  __m128d a = _mm_load_pd(to), b = _mm_load_pd(to + 2);
  for (int k = 0; k < TILE; k++, columns += SIDE) {
    __m128d factor = _mm_set1_pd(row[k]);
    a = _mm_add_pd(a, _mm_mul_pd(factor, _mm_load_pd(columns)));
    b = _mm_add_pd(b, _mm_mul_pd(factor, _mm_load_pd(columns + 2)));
  }
  _mm_store_pd(to, a);
  _mm_store_pd(to + 2, b);
}

static void multiply(void) {
  memset(product, 0, sizeof product);
  for (int k = 0; k < SIDE; k += TILE) {
    for (int j0 = 0; j0 < SIDE; j0 += TILE) {
      for (int i = 0; i < SIDE; i++) {
        for (int j = j0; j < j0 + TILE; j += 4) add_terms(&product[i][j], &left[i][k], &right[k][j]);
      }
    }
  }
}

/* The sums of rows multiply as the matrices do: product * ones = left * (right * ones). Small integers: it is exact. */
static int is_right(void) {
  double sums[SIDE];
  for (int i = 0; i < SIDE; i++) {
    sums[i] = 0;
    for (int j = 0; j < SIDE; j++) sums[i] += right[i][j];
  }
  for (int i = 0; i < SIDE; i++) {
    double actual = 0, expected = 0;
    for (int j = 0; j < SIDE; j++) {
      actual += product[i][j];
      expected += left[i][j] * sums[j];
    }
    if (actual != expected) return 0;
  }
  return 1;
}

uint64_t matmul(unsigned scale) {
  uint64_t random = 6, total = 0;
  for (int i = 0; i < SIDE; i++) {
    for (int j = 0; j < SIDE; j++) {
      left[i][j] = next_random(&random) % 2001 - 1000.0;
      right[i][j] = next_random(&random) % 2001 - 1000.0;
    }
  }
  begin();
  for (unsigned round = 0; round < scale; round++) {
    left[round % SIDE][round / SIDE % SIDE] += 1;
    multiply();
    CHECK(is_right());
    for (int i = 0; i < SIDE; i++) total = mixed(total, (int64_t)product[i][round % SIDE]);
  }
  return total;
}
