using System.CommandLine;
using Smxp.Host.Cli;

// Ctrl+C and SIGTERM belong to the host, which lets what is under way finish.
return await RootCommandFactory.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
