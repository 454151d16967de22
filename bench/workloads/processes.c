/* Processes: messages through pipes, switches between processes on one core, fork, exec and exit, shell pipelines. */
#define _GNU_SOURCE
#include "bench.h"
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Starts a child; the caller's output is not to be written by the child, too. */
static pid_t start_child(void) {
  fflush(stdout);
  pid_t child = fork();
  CHECK(child >= 0);
  return child;
}

static void await(pid_t child, int status) {
  int actual;
  CHECK(waitpid(child, &actual, 0) == child && WIFEXITED(actual) && WEXITSTATUS(actual) == status);
}

/* Sends a number to and fro between two processes; each adds to it. */
uint64_t pipes(unsigned scale) {
  int there[2], back[2];
  uint64_t value = 1;
  CHECK(pipe(there) == 0 && pipe(back) == 0);
  begin();
  pid_t child = start_child();
  if (child == 0) {
    close(there[1]);
    while (read(there[0], &value, sizeof value) == sizeof value) {
      value = mixed(value, 1);
      if (write(back[1], &value, sizeof value) != sizeof value) _exit(1);
    }
    _exit(0);
  }
  for (unsigned i = 0; i < scale * 1000; i++) {
    value = mixed(value, 2);
    CHECK(write(there[1], &value, sizeof value) == sizeof value);
    CHECK(read(back[0], &value, sizeof value) == sizeof value);
  }
  close(there[1]);
  await(child, 0);
  return value;
}

static void pin(void) {
  cpu_set_t cpus;
  int cpu = 0;
  CHECK(sched_getaffinity(0, sizeof cpus, &cpus) == 0);
  while (!CPU_ISSET(cpu, &cpus)) cpu++;
  CPU_ZERO(&cpus);
  CPU_SET(cpu, &cpus);
  CHECK(sched_setaffinity(0, sizeof cpus, &cpus) == 0);
}

enum { PROCESSES = 4 };

/* Counts and yields. Where every yield is a switch, none of the processes gets far ahead of another. */
static void count_and_yield(volatile uint32_t *counts, int own, unsigned most, int in_turn) {
  while (counts[own] < most) {
    counts[own]++;
    sched_yield();
    for (int i = 0; i < PROCESSES; i++) CHECK(!in_turn || counts[own] <= counts[i] + PROCESSES);
  }
}

/* Processes on one core that yield it to each other. Only real-time processes take turns: the usual scheduler often
   lets the one that yields go on. The host is spared this; there process 1 has not started us. */
uint64_t yield(unsigned scale) {
  pid_t children[PROCESSES];
  int ready[2], gate[2], in_turn = getppid() == 1;
  char byte;
  uint32_t *counts = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  CHECK(counts != MAP_FAILED && pipe(ready) == 0 && pipe(gate) == 0);
  pin();
  for (int i = 0; i < PROCESSES; i++) {
    children[i] = start_child();
    if (children[i] == 0) {
      CHECK(!in_turn || sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 1}) == 0);
      CHECK(write(ready[1], "r", 1) == 1 && read(gate[0], &byte, 1) == 1);
      count_and_yield(counts, i, scale * 1000, in_turn);
      _exit(0);
    }
  }
  for (int i = 0; i < PROCESSES; i++) CHECK(read(ready[0], &byte, 1) == 1);
  begin();
  CHECK(write(gate[1], "1234", PROCESSES) == PROCESSES);
  uint64_t total = 0;
  for (int i = 0; i < PROCESSES; i++) {
    await(children[i], 0);
    total = mixed(total, counts[i]);
  }
  return total;
}

/* Children that exit at once, and children that execute this program again. */
uint64_t fork_exec(unsigned scale) {
  uint64_t total = 0;
  begin();
  for (unsigned i = 0; i < scale * 10; i++) {
    int executes = i % 2, status = executes ? 42 : i % 42;
    pid_t child = start_child();
    if (child == 0) {
      if (!executes) _exit(status);
      execl("/proc/self/exe", "workloads", "nothing", (char *)NULL);
      _exit(1);
    }
    await(child, status);
    total = mixed(total, status);
  }
  return total;
}

/* Pipelines of busybox's tools under its shell. */
uint64_t pipeline(unsigned scale) {
  static const char *const lines[] = {
    "seq 1 3000 | sed 's/1/one /g;s/7/seven /' | tr a-z A-Z | sort | uniq -c | awk '{n += $1 * NR} END {print n}'",
    "seq 5 3 4000 | grep -v 8 | head -n 600 | tail -n +5 | cut -c 1-3 | sort -rn | md5sum",
    "i=0; while [ $i -lt 20 ]; do echo $i $(expr $i \\* $i | rev); i=$((i + 1)); done | wc",
  };
  uint64_t total = 0;
  begin();
  for (unsigned i = 0; i < scale * 3; i++) {
    char output[200];
    setenv("LINE", lines[i % 3], 1);
    FILE *from = popen("exec busybox sh -c \"$LINE\"", "r");
    CHECK(from && fgets(output, sizeof output, from));
    for (const char *c = output; *c; c++) total = mixed(total, *c);
    CHECK(pclose(from) == 0);
  }
  return total;
}
