/* The kernel's memory management: fresh mappings and the faults of their pages, copies on write, and copies of files in
   a file system that is in memory. */
#include "bench.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, MAPPED = 2 << 20, FILE_BYTES = 4 << 20, CHUNK = 32 << 10 };

static void touch(uint8_t *memory, uint8_t expected, uint8_t value) {
  for (int at = 0; at < MAPPED; at += PAGE) {
    CHECK(memory[at] == expected);
    memory[at] = value;
  }
}

/* Maps memory, faults all its pages in, protects and frees parts of it; a child copies all pages on write. */
uint64_t page_faults(unsigned scale) {
  uint64_t total = 0;
  begin();
  for (unsigned round = 0; round < scale; round++) {
    for (int again = 0; again < 4; again++) {
      uint8_t *memory = mmap(NULL, MAPPED, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
      CHECK(memory != MAP_FAILED && madvise(memory, MAPPED, MADV_NOHUGEPAGE) == 0);
      touch(memory, 0, 1);
      CHECK(mprotect(memory, MAPPED / 2, PROT_READ) == 0 && mprotect(memory, MAPPED / 2, PROT_READ | PROT_WRITE) == 0);
      CHECK(madvise(memory + MAPPED / 2, MAPPED / 2, MADV_DONTNEED) == 0);
      for (int at = 0; at < MAPPED; at += PAGE) total += memory[at];
      if (again == 0) {
        int status;
        memset(memory, 2, MAPPED);
        pid_t child = fork();
        if (child == 0) {
          touch(memory, 2, 3);
          _exit(0);
        }
        CHECK(waitpid(child, &status, 0) == child && status == 0);
        touch(memory, 2, 4);
      }
      CHECK(munmap(memory, MAPPED) == 0);
    }
    total = mixed(total, round);
  }
  return total;
}

static void copy(const char *from, const char *to) {
  static char buffer[CHUNK];
  int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  CHECK(in >= 0 && out >= 0);
  for (ssize_t count; (count = read(in, buffer, CHUNK)) != 0;) CHECK(count > 0 && write(out, buffer, count) == count);
  close(in);
  close(out);
}

/* Copies a file to and fro in /tmp. */
uint64_t file_copy(unsigned scale) {
  char one[] = "/tmp/bench-XXXXXX", two[] = "/tmp/bench-XXXXXX";
  int file = mkstemp(one);
  uint64_t *content = malloc(FILE_BYTES), random = 8, total = 0;
  CHECK(content && file >= 0 && close(mkstemp(two)) == 0);
  for (int i = 0; i < FILE_BYTES / 8; i++) content[i] = next_random(&random);
  CHECK(write(file, content, FILE_BYTES) == FILE_BYTES);
  begin();
  for (unsigned round = 0; round < scale; round++) {
    copy(one, two);
    copy(two, one);
  }
  memset(content, 0, FILE_BYTES);
  CHECK(pread(file, content, FILE_BYTES, 0) == FILE_BYTES);
  for (int i = 0; i < FILE_BYTES / 8; i++) total = mixed(total, content[i]);
  CHECK(unlink(one) == 0 && unlink(two) == 0);
  return mixed(total, scale);
}
