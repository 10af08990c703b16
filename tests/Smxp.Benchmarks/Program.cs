using Smxp.Benchmarks;

// Each scenario starts the real host of the Release build and loads it from this process, on the same machine.
if (args.Length == 0 || Scenarios.All.FirstOrDefault(each => each.Name == args[0]) is not { } scenario)
{
    Console.Error.WriteLine("""
        dotnet run -c Release --project tests/Smxp.Benchmarks -- <scenario> [--url http://…] [--admin-secret …] [--seconds 10] [--connections 8] [--Smxp:Setting value …]

        """);
    foreach (var each in Scenarios.All) Console.Error.WriteLine($"  {each.Name,-10} {each.Description}");
    return 2;
}
#if DEBUG
Console.WriteLine("Built in Debug: the numbers mean nothing. Use -c Release.\n");
#endif
Console.WriteLine($"{scenario.Name}: {scenario.Description}\n{Machine.Describe()}\n");
await scenario.RunAsync(new Bench(BenchOptions.Parse(args[1..])), CancellationToken.None);
return 0;
