// taskkill.exe /T /F /PID number …: Windows' own ends processes with all that they started. That of Wine 8 has no /T.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>
#include <tlhelp32.h>

#define MOST 4096
static DWORD ids[MOST], parents[MOST];
static int known;

static unsigned long long born(DWORD id) {
  FILETIME made = {0}, other;
  HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, id);
  if (!process) return 0;
  GetProcessTimes(process, &made, &other, &other, &other);
  CloseHandle(process);
  return ((unsigned long long)made.dwHighDateTime << 32) | made.dwLowDateTime;
}

static BOOL end(DWORD id) {
  HANDLE process = OpenProcess(PROCESS_TERMINATE, FALSE, id);
  BOOL ended = process && TerminateProcess(process, 1);
  if (process) CloseHandle(process);
  return ended;
}

// A child is younger than its parent: an older one had another parent, whose number was given again.
static BOOL end_tree(DWORD id, int depth) {
  for (int i = 0; i < known && depth < 50; i++)
    if (parents[i] == id && ids[i] != id && born(ids[i]) >= born(id)) end_tree(ids[i], depth + 1);
  return end(id);
}

int main(int count, char **words) {
  PROCESSENTRY32 each = {sizeof each};
  HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  for (BOOL more = Process32First(all, &each); more && known < MOST; more = Process32Next(all, &each), known++) {
    ids[known] = each.th32ProcessID;
    parents[known] = each.th32ParentProcessID;
  }
  int failed = 0;
  for (int i = 1; i < count; i++) {
    if (!_stricmp(words[i], "/PID") && i + 1 < count) failed |= !end_tree(atoi(words[++i]), 0);
    else if (_stricmp(words[i], "/T") && _stricmp(words[i], "/F")) return 1;
  }
  return failed ? 128 : 0;
}
