/* A storm of changes to the kernel's own code: probes come and go in functions that all cores execute, and tracing is switched
   on and off. Every probe counts its hits, which must agree with the calls that were made while it was there. */
#define _GNU_SOURCE
#include "bench.h"
#include "storm.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TRACING "/sys/kernel/tracing/"

/* One of so many rounds traces all of the kernel's functions, which takes long. */
enum { ROUNDS_BETWEEN_ALL = 32, ENTRY_PROBE = 0, INNER_PROBE = 1, PROBES };

static uint64_t changes;   /* of the probes: odd while one goes on, 2 modulo 4 while they are there */
static uint64_t sure, all; /* calls while the probes were there for certain, and all */

/* Writes a text; files of tracefs take a word at a time. */
static int write_all(int to, const char *text) {
  for (size_t left = strlen(text); left > 0;) {
    ssize_t bytes = write(to, text, left);
    if (bytes <= 0) return 0;
    text += bytes;
    left -= bytes;
  }
  return 1;
}

static void set(const char *file, const char *text) {
  char path[100];
  snprintf(path, sizeof path, TRACING "%s", file);
  int to = open(path, O_WRONLY | (text[0] == 'p' ? O_APPEND : O_TRUNC)); /* a probe does not replace those before */
  if (to < 0 || !write_all(to, text) || close(to) != 0) {
    char why[160];
    snprintf(why, sizeof why, "%s does not take '%s': %s", file, text, strerror(errno));
    fail(why);
  }
}

/* The hits of both probes so far. */
static void read_hits(uint64_t hits[PROBES]) {
  char name[64];
  unsigned long long count, missed;
  FILE *from = fopen(TRACING "kprobe_profile", "r");
  CHECK(from);
  unsigned lines = 0;
  while (fscanf(from, "%63s %llu %llu", name, &count, &missed) == 3) {
    hits[strcmp(name, "inner") == 0 ? INNER_PROBE : ENTRY_PROBE] = count + missed;
    lines++;
  }
  CHECK(lines == PROBES && fclose(from) == 0);
}

static void change_probes(int on) {
  __atomic_fetch_add(&changes, 1, __ATOMIC_SEQ_CST);
  set("events/kprobes/enable", on ? "1" : "0");
  __atomic_fetch_add(&changes, 1, __ATOMIC_SEQ_CST);
}

static void toggle_probes(void) {
  change_probes(1);
  usleep(20000);
  change_probes(0);
  uint64_t hits[PROBES], least = __atomic_load_n(&sure, __ATOMIC_SEQ_CST);
  usleep(1000);
  read_hits(hits);
  uint64_t most = __atomic_load_n(&all, __ATOMIC_SEQ_CST);
  for (int i = 0; i < PROBES; i++) {
    if (hits[i] < least) fail("a probe was missed: a core executed the code of before");
    if (hits[i] > most) fail("a probe has more hits than there were calls");
  }
}

static void toggle_tracer(uint64_t round) {
  set("set_ftrace_filter", round % ROUNDS_BETWEEN_ALL ? "*getppid*\n*membarrier*\nschedule\nvfs_*\n" : "");
  set("current_tracer", "function");
  usleep(5000);
  set("current_tracer", "nop");
}

/* Calls are counted before they are made for `all`, and after for `sure`. */
static void call(unsigned thread) {
  uint64_t before = __atomic_load_n(&changes, __ATOMIC_SEQ_CST);
  __atomic_fetch_add(&all, 1, __ATOMIC_SEQ_CST);
  CHECK(syscall(SYS_getppid) > 0);
  if (before % 4 == 2 && __atomic_load_n(&changes, __ATOMIC_SEQ_CST) == before) {
    __atomic_fetch_add(&sure, 1, __ATOMIC_SEQ_CST);
    checked(thread);
  }
}

static void toggle_or_call(unsigned thread) {
  for (uint64_t round = 1; !storm_over(); round++) {
    if (thread > 0) {
      call(thread);
    } else {
      toggle_probes();
      toggle_tracer(round);
    }
  }
}

uint64_t kernelcode(unsigned scale) {
  (void)scale;
  mkdir("/sys", 0755);
  CHECK(mount("sysfs", "/sys", "sysfs", 0, NULL) == 0);
  CHECK(mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL) == 0);
  set("kprobe_events", "p:entry __x64_sys_getppid\n");
  set("kprobe_events", "p:inner __x64_sys_getppid+5\n"); /* behind the call to the tracer: an instruction of its own */
  uint64_t count = storm(toggle_or_call);
  set("kprobe_events", "");
  return count;
}
