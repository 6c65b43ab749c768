// host.exe LOG PROGRAM ARGUMENTS: runs a program as a terminal of its own does, and tells how it ended.
//
// What it prints goes to LOG.out and LOG.err. When the file LOG.ctrl-c appears, Ctrl+C is pressed in its console; at LOG.kill the
// program is killed, and nothing that it started. LOG.end has two numbers at last: the exit code, and how many of the processes
// that it started still run after a while. Those are ended, as are all when host.exe is killed.
#include <stdio.h>
#include <windows.h>

// How long what a program started may take to end after it, in milliseconds.
#define LEFT_LIMIT 120000
#define LONGEST 4096

static wchar_t *log_name;

static wchar_t *beside(const wchar_t *end) {
  static wchar_t path[LONGEST];
  _snwprintf(path, LONGEST - 1, L"%ls%ls", log_name, end);
  return path;
}

static HANDLE opened(const wchar_t *path, DWORD access, DWORD how) {
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
  DWORD shared = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
  return CreateFileW(path, access, shared, &inherited, how, 0, NULL);
}

// Not SetConsoleCtrlHandler(NULL, TRUE): the program would inherit that, and ignore Ctrl+C as well.
static BOOL WINAPI stay(DWORD event) { return TRUE; }

static wchar_t *after_words(wchar_t *line, int words) {
  while (words-- > 0) {
    for (BOOL quoted = FALSE; *line && (quoted || *line != L' '); line++)
      if (*line == L'"') quoted = !quoted;
    while (*line == L' ') line++;
  }
  return line;
}

static DWORD running_in(HANDLE job) {
  JOBOBJECT_BASIC_ACCOUNTING_INFORMATION counts = {0};
  QueryInformationJobObject(job, JobObjectBasicAccountingInformation, &counts, sizeof counts, NULL);
  return counts.ActiveProcesses;
}

int wmain(int count, wchar_t **words) {
  if (count < 3) return 2;
  log_name = words[1];
  FreeConsole();
  AllocConsole();
  SetConsoleCtrlHandler(stay, TRUE);
  // Whoever started this may ignore Ctrl+C, which would be inherited, too.
  SetConsoleCtrlHandler(NULL, FALSE);

  STARTUPINFOW start = {sizeof start};
  start.dwFlags = STARTF_USESTDHANDLES;
  start.hStdInput = opened(L"NUL", GENERIC_READ, OPEN_EXISTING);
  start.hStdOutput = opened(beside(L".out"), FILE_APPEND_DATA, CREATE_ALWAYS);
  start.hStdError = opened(beside(L".err"), FILE_APPEND_DATA, CREATE_ALWAYS);

  HANDLE job = CreateJobObjectW(NULL, NULL);
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = {0};
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
  SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);

  DWORD code = 0, left = 0;
  PROCESS_INFORMATION child;
  wchar_t *line = after_words(GetCommandLineW(), 2);
  if (CreateProcessW(NULL, line, NULL, NULL, TRUE, CREATE_SUSPENDED, NULL, NULL, &start, &child)) {
    AssignProcessToJobObject(job, child.hProcess);
    ResumeThread(child.hThread);
    while (WaitForSingleObject(child.hProcess, 50) == WAIT_TIMEOUT) {
      if (DeleteFileW(beside(L".ctrl-c"))) GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0);
      if (DeleteFileW(beside(L".kill"))) TerminateProcess(child.hProcess, 1);
    }
    GetExitCodeProcess(child.hProcess, &code);
    for (int waited = 0; (left = running_in(job)) > 0 && waited < LEFT_LIMIT; waited += 50) Sleep(50);
    TerminateJobObject(job, 1);
  } else {
    code = GetLastError();
    left = 1;
  }
  char text[64];
  DWORD written;
  sprintf(text, "%lu %lu\n", code, left);
  HANDLE end = opened(beside(L".half"), GENERIC_WRITE, CREATE_ALWAYS);
  WriteFile(end, text, strlen(text), &written, NULL);
  CloseHandle(end);
  wchar_t half[LONGEST];
  wcscpy(half, beside(L".half"));
  MoveFileW(half, beside(L".end"));
  return 0;
}
