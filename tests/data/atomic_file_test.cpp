// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <thread>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nke/data/atomic_file.hpp>

#include "files.hpp"

namespace fs = std::filesystem;
using nke::AtomicFile;
using nke::test::contents;
using nke::test::put;
using nke::test::refusal;
using nke::test::says;
using nke::test::ScratchFolder;

TEST_CASE("before commit the old file is there, after it the new one, and never a third [law]") {
  const ScratchFolder folder;
  put(folder / "a", "old");
  {
    AtomicFile file(folder / "a");
    file.write("new ");
    CHECK(contents(folder / "a") == "old");
    file.write("text");
    CHECK(contents(folder / "a") == "old");
    file.commit();
    CHECK(contents(folder / "a") == "new text");
    CHECK_THROWS_AS(file.write("more"), nke::DataError);
    CHECK_THROWS_AS(file.commit(), nke::DataError);
  }
  CHECK(contents(folder / "a") == "new text");
  CHECK(folder.entries() == 1);
}

TEST_CASE("without commit nothing is left behind [law]") {
  const ScratchFolder folder;
  { AtomicFile(folder / "never").write("half a res"); }
  CHECK(folder.entries() == 0);
}

TEST_CASE("the file gets the permissions of the one it replaces, and of any new file otherwise [fact]") {
  const ScratchFolder folder;
  put(folder / "private", "old");
  fs::permissions(folder / "private", fs::perms::owner_read | fs::perms::owner_write);
  nke::write_file_atomically(folder / "private", "new");
  CHECK(fs::status(folder / "private").permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  put(folder / "plain", "");
  nke::write_file_atomically(folder / "fresh", "new");
  CHECK(fs::status(folder / "fresh").permissions() == fs::status(folder / "plain").permissions());
}

TEST_CASE("a symbolic link is followed, not replaced [fact]") {
  const ScratchFolder folder;
  fs::create_directory(folder / "there");
  put(folder / "there/real", "old");
  fs::create_symlink(folder / "there/real", folder / "link");
  nke::write_file_atomically(folder / "link", "new");
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(contents(folder / "there/real") == "new");
}

TEST_CASE("a target that cannot be is refused with the reason [fault]") {
  const ScratchFolder folder;
  const auto message = [&](const fs::path& target) {
    return refusal([&] { nke::write_file_atomically(target, "x"); });
  };
  CHECK(says(message(folder / "no/such/file"), "there is no folder"));
  CHECK(says(message(folder.path()), "it is a folder"));
  CHECK(says(message(folder / ""), "a file name is needed"));
  CHECK(says(message("/dev/null"), "it is a device or a pipe"));
  CHECK(fs::is_character_file("/dev/null"));
  CHECK(says(message(folder / std::string(300, 'x')), "cannot be written"));
  CHECK(folder.entries() == 0);
}

TEST_CASE("a file of the longest name the file system takes can be written [fact]") {
  const ScratchFolder folder;
  nke::write_file_atomically(folder / std::string(255, 'x'), "long");
  CHECK(contents(folder / std::string(255, 'x')) == "long");
}

TEST_CASE("a file that may not be written is refused and stays as it was [fault]") {
  if (::geteuid() == 0) return;  // nothing is forbidden to root
  const ScratchFolder folder;
  put(folder / "a", "old");
  fs::permissions(folder / "a", fs::perms::owner_read);
  CHECK(says(refusal([&] { nke::write_file_atomically(folder / "a", "new"); }), "cannot be written"));
  CHECK(contents(folder / "a") == "old");
}

TEST_CASE("a disk that is full leaves the old file and no litter [fault]") {
  const ScratchFolder folder;
  put(folder / "a", "old");
  // A limit on the size of files meets the same end of write() as a full disk, and any user may set it.
  rlimit before = {};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const rlimit small = {4096, before.rlim_max};
  auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  const std::string message = refusal([&] { nke::write_file_atomically(folder / "a", std::string(10000, 'x')); });
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, handler);
  CHECK(says(message, "writing failed"));
  CHECK(contents(folder / "a") == "old");
  CHECK(folder.entries() == 1);
}

TEST_CASE("of many writers of one file one wins, whole [law]") {
  const ScratchFolder folder;
  std::vector<std::thread> writers;
  for (char letter = 'a'; letter < 'i'; ++letter) {
    writers.emplace_back([&, letter] {
      for (int i = 0; i < 20; ++i) nke::write_file_atomically(folder / "shared", std::string(5000, letter));
    });
  }
  for (std::thread& writer : writers) writer.join();
  const std::string text = contents(folder / "shared");
  REQUIRE(text.size() == 5000);
  CHECK(text == std::string(5000, text.front()));
  CHECK(folder.entries() == 1);
}
