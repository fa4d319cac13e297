using AuthServer.Cli;

return await CommandLine.RunAsync(args);
