using Smxp.Benchmarks;

// Each scenario starts the real host of the Release build and loads it from this process, on the same machine.
return args switch
{
    ["receive", .. var rest] => await Receive.RunAsync(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        dotnet build -c Release src/Smxp.Host && dotnet run -c Release --project tests/Smxp.Benchmarks -- <scenario>

          receive [ML-DSA-65|Ed25519] [messages]   POST /.smxp/receive, 1 KB bodies, durable commit, 8 connections
        """);
    return 2;
}
