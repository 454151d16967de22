/* Runs one workload: `workloads NAME SCALE`. Prints "@start NAME" when its work starts and "@end NAME CHECKSUM" when it
   is done; who reads the lines takes the time, because the clock of a guest may be virtual. */
#include "bench.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const struct {
  const char *name;
  workload *run;
} workloads[] = {
  {"mix", mix}, {"sort", sort}, {"sha256", sha256}, {"lz", lz}, {"chase-4m", chase_4m}, {"chase-64m", chase_64m},
  {"calls", calls}, {"bytecode", bytecode}, {"stream", stream},
  {"nbody", nbody}, {"matmul", matmul}, {"simd", simd}, {"x87", x87},
  {"syscall", syscalls}, {"pipe", pipes}, {"yield", yield}, {"fork", fork_exec}, {"fault", page_faults},
  {"copy", file_copy}, {"pipeline", pipeline},
  {"wordcount", wordcount}, {"wordcount-10", wordcount}, {"spinlock", spinlock}, {"ticketlock", ticketlock},
  {"mutex", mutex}, {"counter", counter}, {"hackbench", hackbench}, {"nap", nap},
  {"interrupts", interrupts}, {"shootdown", shootdown}, {"crosscode", crosscode}, {"kernelcode", kernelcode},
};

static const char *name;
static int begun;

static void say(const char *line) {
  printf("%s\n", line);
  fflush(stdout);
  tcdrain(STDOUT_FILENO); /* until the line has left the machine; means nothing where stdout is no terminal */
}

void begin(void) {
  char line[80];
  begun++;
  snprintf(line, sizeof line, "@start %s", name);
  say(line);
}

void fail(const char *why) {
  printf("@fail %s %s\n", name, why);
  exit(1);
}

int main(int count, char **words) {
  if (count == 2 && strcmp(words[1], "nothing") == 0) return 42; /* what fork_exec executes */
  if (count != 3 || atoi(words[2]) < 1) {
    fprintf(stderr, "usage: workloads NAME SCALE\n");
    return 2;
  }
  name = words[1];
  for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++) {
    if (strcmp(workloads[i].name, name) == 0) {
      char line[80];
      snprintf(line, sizeof line, "@end %s %016llx", name, (unsigned long long)workloads[i].run(atoi(words[2])));
      CHECK(begun == 1);
      say(line);
      return 0;
    }
  }
  fail("no such workload");
}
