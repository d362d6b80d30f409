// SPDX-License-Identifier: Apache-2.0
// What can go wrong, as values of the domain: seven kinds under one nke::Error.
//
// Each is thrown where the user's input enters, names that input and the rule it breaks, and says what is known anyway.
// A caller who expects a failure has a try_ function that returns std::optional; exceptions stay exceptional.
// The command line turns NotCertified into exit status 3 and every other kind into exit status 2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace nke {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Text that is not in the grammar. what() holds the message, the offending line and a caret under the position.
class ParseError : public Error {
 public:
  /// `position` counts bytes from the start of `source`; positions past its end point at its end.
  ParseError(const std::string& message, const std::string& source, std::size_t position);
  std::size_t position() const noexcept { return position_; }

 private:
  std::size_t position_;
};

/// A value outside the domain of the function it was given to, such as c² > ab.
class DomainError : public Error {
 public:
  using Error::Error;
};

/// A number could not be obtained to the accuracy asked for; what() says how far it got and why it stopped.
class NotCertified : public Error {
 public:
  using Error::Error;
};

/// An expression, a data set or a dimension larger than the documented limit.
class LimitError : public Error {
 public:
  using Error::Error;
};

/// Two shapes that do not fit; what() names both.
class ShapeError : public Error {
 public:
  using Error::Error;
};

/// A file that cannot be read as what it claims to be, or cannot be written.
class DataError : public Error {
 public:
  DataError(const std::string& file, const std::string& message);
  /// `offset` is the byte (binary formats) at which the file stops making sense.
  DataError(const std::string& file, std::uint64_t offset, const std::string& message);
  const std::string& file() const noexcept { return file_; }

 private:
  std::string file_;
};

}  // namespace nke
