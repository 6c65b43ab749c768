// hold.exe FILE READY STOP: holds a file open as a virus scanner does, so that it can be neither renamed, replaced nor deleted. It
// makes the file READY when it holds it, and ends when the file STOP is there.
#include <windows.h>

int wmain(int count, wchar_t **words) {
  if (count < 4) return 2;
  HANDLE held;
  DWORD shared = FILE_SHARE_READ | FILE_SHARE_WRITE;
  while ((held = CreateFileW(words[1], GENERIC_READ, shared, NULL, OPEN_EXISTING, 0, NULL)) == INVALID_HANDLE_VALUE) Sleep(20);
  CloseHandle(CreateFileW(words[2], GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL));
  while (GetFileAttributesW(words[3]) == INVALID_FILE_ATTRIBUTES) Sleep(20);
  return 0;
}
