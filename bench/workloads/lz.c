/* Compression as LZ77 does it: matches are found through chains of earlier places with the same hash. The text is
   unpacked again and compared. Packed: a byte with the number of literals, these, a byte with the length of the match
   less LEAST - 1 (0: none) and two with its distance, and so on. */
#include "bench.h"
#include <stdlib.h>
#include <string.h>

enum { BYTES = 1 << 19, WINDOW = 1 << 15, HASHES = 1 << 14, LEAST = 4, MOST = LEAST + 254, TRIES = 16 };

static uint8_t text[BYTES], packed[BYTES + BYTES / 8], unpacked[BYTES];
static int32_t heads[HASHES], earlier[WINDOW];

/* Sentences of made-up words; frequent words are more likely than rare ones. */
static void write_text(uint64_t *random) {
  char words[256][12];
  for (int i = 0; i < 256; i++) {
    int length = 2 + next_random(random) % 9;
    for (int c = 0; c < length; c++) words[i][c] = 'a' + next_random(random) % 26;
    words[i][length] = 0;
  }
  for (int at = 0; at < BYTES;) {
    unsigned pick = next_random(random) >> 32 & 255;
    const char *word = words[pick & next_random(random) >> 32];
    while (*word && at < BYTES) text[at++] = *word++;
    if (at < BYTES) text[at++] = pick % 11 ? ' ' : '\n';
  }
}

static unsigned hash(const uint8_t *at) {
  uint32_t word;
  memcpy(&word, at, 4);
  return word * 2654435761u >> 18;
}

static int match_length(const uint8_t *a, const uint8_t *b, int most) {
  int length = 0;
  while (length < most && a[length] == b[length]) length++;
  return length;
}

static void remember(int at) {
  unsigned h = hash(text + at);
  earlier[at % WINDOW] = heads[h];
  heads[h] = at;
}

static int longest(int at, int *distance) {
  int best = 0, most = BYTES - at < MOST ? BYTES - at : MOST;
  int place = heads[hash(text + at)];
  for (int tries = TRIES; tries && place >= 0 && at - place < WINDOW; tries--, place = earlier[place % WINDOW]) {
    int length = match_length(text + place, text + at, most);
    if (length > best) {
      best = length;
      *distance = at - place;
    }
  }
  return best;
}

static uint8_t *put_literals(uint8_t *out, const uint8_t *from, int count) {
  for (;;) {
    int some = count < 255 ? count : 255;
    *out++ = some;
    memcpy(out, from, some);
    out += some, from += some, count -= some;
    if (count == 0) return out;
    *out++ = 0, *out++ = 0, *out++ = 0;
  }
}

static int pack(void) {
  memset(heads, -1, sizeof heads);
  uint8_t *out = packed;
  int literals = 0, at = 0;
  while (at + LEAST <= BYTES) {
    int distance = 0, length = longest(at, &distance);
    if (length < LEAST) {
      remember(at++);
      continue;
    }
    out = put_literals(out, text + literals, at - literals);
    *out++ = length - LEAST + 1, *out++ = distance, *out++ = distance >> 8;
    for (int end = at + length; at < end; at++)
      if (at + LEAST <= BYTES) remember(at);
    literals = at;
  }
  return put_literals(out, text + literals, BYTES - literals) - packed;
}

static int unpack(int size) {
  const uint8_t *in = packed, *end = packed + size;
  uint8_t *out = unpacked;
  while (in < end) {
    int literals = *in++;
    memcpy(out, in, literals);
    out += literals, in += literals;
    if (in >= end) break;
    int length = *in++;
    int distance = in[0] | in[1] << 8;
    in += 2;
    if (length > 0) {
      for (int left = length + LEAST - 1; left > 0; left--, out++) *out = out[-distance];
    }
  }
  return out - unpacked;
}

uint64_t lz(unsigned scale) {
  uint64_t random = 4, total = 0;
  write_text(&random);
  begin();
  for (unsigned round = 0; round < scale; round++) {
    text[next_random(&random) % BYTES] ^= 1;
    int size = pack();
    CHECK(size < BYTES / 2 && unpack(size) == BYTES && memcmp(text, unpacked, BYTES) == 0);
    for (int i = 0; i < size; i += 61) total = mixed(total, packed[i]);
    total = mixed(total, size);
  }
  return total;
}
