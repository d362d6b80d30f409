// SPDX-License-Identifier: Apache-2.0
// The one file that knows Gnuplot-iostream. It writes the script and its tables through that library into a file, and
// runs gnuplot on the file itself: over the library's pipe a missing gnuplot is a SIGPIPE, and its exit status is lost.
#include <cassert>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <fmt/format.h>
#include <gnuplot-iostream.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <nke/data/atomic_file.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/plots/render.hpp>
#include <nke/plots/script.hpp>
#include <nke/plots/svg.hpp>

namespace nke::plots {

namespace {

namespace fs = std::filesystem;

constexpr const char* remedy =
    "install gnuplot with cairo and the DejaVu fonts (Debian: gnuplot-nox fonts-dejavu-core)";

/// A folder of its own, gone with everything in it at the end of the scope.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "nke-figure-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
      throw DataError(pattern, std::string("cannot make a temporary folder: ") + std::strerror(errno));
    }
    path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write_script(const Script& script, const fs::path& file) {
  gnuplotio::Gnuplot gnuplot(fmt::format(">{}", file.string()));
  gnuplot.imbue(std::locale::classic());
  gnuplot << script.prologue;
  for (const PanelScript& panel : script.panels) {
    gnuplot << panel.commands;
    for (const Rows& table : panel.tables) gnuplot.send1d(table);
  }
  gnuplot << script.epilogue << std::flush;
  if (!gnuplot) throw DataError(file.string(), "cannot be written (is the disk full?)");
}

/// Runs gnuplot on the script with nothing to read and its words going to `log`; returns its wait status.
int run_gnuplot(const fs::path& script, const fs::path& log) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
  std::string arguments[] = {"gnuplot", "--default-settings", script.string()};  // nobody's ~/.gnuplot has a say
  char* argv[] = {arguments[0].data(), arguments[1].data(), arguments[2].data(), nullptr};
  pid_t child = 0;
  const int failure = posix_spawnp(&child, argv[0], &files, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&files);
  if (failure != 0) {
    throw Error(fmt::format("figures need the program gnuplot, which cannot be started ({}): {}",
                            std::strerror(failure), remedy));
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw Error(std::string("waiting for gnuplot failed: ") + std::strerror(errno));
  }
  return status;
}

bool is_whole(const std::string& picture, Format format) {
  const auto ends_with = [&](std::string_view tail) {
    const std::size_t at = picture.rfind(tail);
    return at != std::string::npos && picture.find_first_not_of("\r\n", at + tail.size()) == std::string::npos;
  };
  using namespace std::string_view_literals;
  switch (format) {
    case Format::svg: return picture.starts_with("<?xml") && ends_with("</svg>");
    case Format::png: return picture.starts_with("\x89PNG\r\n\x1a\n"sv) && picture.ends_with("IEND\xAE\x42\x60\x82"sv);
    case Format::pdf: return picture.starts_with("%PDF-") && ends_with("%%EOF");
  }
  return false;
}

Format format_of(const fs::path& file) {
  const std::string extension = file.extension().string();
  if (extension == ".svg") return Format::svg;
  if (extension == ".png") return Format::png;
  if (extension == ".pdf") return Format::pdf;
  throw DomainError("a figure is written as .svg, .png or .pdf, not as '" + printable(file.string()) + "'");
}

}  // namespace

std::string render(const Figure& figure, Format format) {
  const Figure checked = drawable(figure).figure;
  const TemporaryFolder folder;
  const fs::path picture_file = folder.path() / "picture";
  const fs::path log = folder.path() / "log";
  const fs::path script = folder.path() / "script";
  write_script(gnuplot_script(checked, format, picture_file.string()), script);
  const int status = run_gnuplot(script, log);
  std::string picture = contents(picture_file);
  if (status != 0 || !is_whole(picture, format)) {
    const std::string how = WIFSIGNALED(status) ? fmt::format("was killed by signal {}", WTERMSIG(status))
                            : status != 0       ? fmt::format("ended with status {}", WEXITSTATUS(status))
                                                : "left no whole picture";
    throw Error(fmt::format("gnuplot {} while drawing figure '{}': {}\nIf it lacks a terminal or a font, {}", how,
                            checked.name, shortened(contents(log), 600), remedy));
  }
  return format == Format::svg ? finished_svg(picture, checked.title.plain()) : picture;
}

void write_figure(const Figure& figure, const fs::path& file) {
  write_file_atomically(file, render(figure, format_of(file)));
}

}  // namespace nke::plots
