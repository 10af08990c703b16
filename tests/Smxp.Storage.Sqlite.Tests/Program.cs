using System.Globalization;
using Smxp.Plugins.Conformance.Storage;
using Smxp.Plugins.Storage;
using Smxp.Protocol;
using Smxp.Storage.Relational;
using Smxp.Storage.Sqlite.Tests;

// The child that CrashTests kills: commits without end, and prints what was acknowledged.
if (args is not ["commit-until-killed", var path, var run]) return 2;
MessageDriver driver = await Databases.OpenMessagesAsync(path);
await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
{
    for (int i = 0; ; i++)
    {
        SignedEnvelope letter = Letters.Write(Letters.Alice, Letters.Bob, string.Create(CultureInfo.InvariantCulture, $"run{run}writer{writer}letter{i}"));
        CommitResult result = await driver.CommitAsync(Letters.Of(Letters.Out(letter), Letters.In(letter)) with { Outbox = [Letters.Outgoing(letter)] }, CancellationToken.None);
        if (result.Outcome == CommitOutcome.Stored) Console.WriteLine(letter.Envelope.Id);
    }
})));
return 0;
