# cmake --install and find_package(nke).
include(CMakePackageConfigHelpers)
set(NKE_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/nke)
install(EXPORT nke NAMESPACE nke:: FILE nkeTargets.cmake DESTINATION ${NKE_CMAKE_DIR})
configure_package_config_file(cmake/nkeConfig.cmake.in ${PROJECT_BINARY_DIR}/nkeConfig.cmake
                              INSTALL_DESTINATION ${NKE_CMAKE_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/nkeConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/nkeConfig.cmake ${PROJECT_BINARY_DIR}/nkeConfigVersion.cmake
              cmake/dependencies.cmake DESTINATION ${NKE_CMAKE_DIR})
